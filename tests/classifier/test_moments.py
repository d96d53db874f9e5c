"""上周五晚上八点 means an interval of the calendar, seen from the moment of the call."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier import resolve
from tests.classifier.examples import texts

CHINA = timezone(timedelta(hours=8))
# A Tuesday.
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=CHINA)

CALLS = st.integers(0, 90 * 366 * 24 * 60).map(
    lambda minutes: datetime(2000, 1, 1, tzinfo=CHINA) + timedelta(minutes=minutes)
)
WEEKDAYS = st.builds(
    "{}{}".format,
    st.sampled_from(["上周", "上个星期", "礼拜", "上上周"]),
    st.sampled_from("一二三四五六日天末"),
)
PAST = WEEKDAYS | st.sampled_from([
    "昨天", "昨晚", "昨晚十点", "昨晚两点", "前天下午", "大前天早上", "上周", "上个月", "上月5号",
    "上个月底", "三天前", "两周前",
    "去年", "去年夏天", "去年年底", "前年", "今年", "3月5日", "12月30日晚上九点", "2月29日", "5号",
    "30号", "11月初", "12月底",
    "半年前", "三个月前", "两年前", "两小时前", "半小时前", "刚才", "最近三天", "近半年", "一个多月了",
    "晚上八点", "凌晨1点多",
    "8点到10点", "晚上10点到凌晨2点", "周一到周五", "从10月份开始", "1月5日至8日", "自去年开始",
])  # fmt: skip
PARTS = st.sampled_from([
    "今天", "昨", "上周五", "3月5日", "2025年", "3月", "号", "晚上", "凌晨", "八点", "半", "8点",
    "20:30", "25:70", "到", "至", "-",
    "前", "了", "最近", "三天", "从", "起", "99", "零", "年", "月", "日", " ", "的",
])  # fmt: skip


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("上周五晚上八点", "2026-11-20 20:00", "2026-11-20 21:00"),
        ("上周五", "2026-11-20 00:00", "2026-11-21 00:00"),
        ("上上周三", "2026-11-11 00:00", "2026-11-12 00:00"),
        ("周五", "2026-11-20 00:00", "2026-11-21 00:00"),
        ("周二", "2026-11-24 00:00", "2026-11-25 00:00"),
        ("上周末", "2026-11-21 00:00", "2026-11-23 00:00"),
        ("礼拜天", "2026-11-22 00:00", "2026-11-23 00:00"),
        ("大前天", "2026-11-21 00:00", "2026-11-22 00:00"),
        ("昨天晚上", "2026-11-23 18:00", "2026-11-24 00:00"),
        ("昨晚十点半", "2026-11-23 22:30", "2026-11-23 22:31"),
        ("当天", "2026-11-24 00:00", "2026-11-25 00:00"),
        ("前天 19:40 左右", "2026-11-22 19:40", "2026-11-22 19:41"),
        ("昨天中午1点", "2026-11-23 13:00", "2026-11-23 14:00"),
        ("上个月", "2026-10-01 00:00", "2026-11-01 00:00"),
        ("上月5号", "2026-10-05 00:00", "2026-10-06 00:00"),
        ("10月底", "2026-10-21 00:00", "2026-11-01 00:00"),
        ("2025年3月", "2025-03-01 00:00", "2025-04-01 00:00"),
        ("17年9月30日", "2017-09-30 00:00", "2017-10-01 00:00"),
        ("二〇一八年三月", "2018-03-01 00:00", "2018-04-01 00:00"),
        ("2018-5-9", "2018-05-09 00:00", "2018-05-10 00:00"),
        ("去年", "2025-01-01 00:00", "2026-01-01 00:00"),
        ("去年夏天", "2025-06-01 00:00", "2025-09-01 00:00"),
        ("最近三天", "2026-11-21 10:30", "2026-11-24 10:30"),
        ("一个多月了", "2026-10-24 10:30", "2026-11-24 10:30"),
        ("半年前", "2026-05-01 00:00", "2026-06-01 00:00"),
        ("刚才", "2026-11-24 09:30", "2026-11-24 10:30"),
        ("两小时前", "2026-11-24 08:30", "2026-11-24 09:30"),
        ("明天", "2026-11-25 00:00", "2026-11-26 00:00"),
        ("下周三上午", "2026-12-02 08:00", "2026-12-02 12:00"),
    ],
)
def test_a_moment_is_as_wide_as_what_was_said(words, start, end):
    moment = resolve(words, said_at=NOW)

    assert (f"{moment.start:%Y-%m-%d %H:%M}", f"{moment.end:%Y-%m-%d %H:%M}") == (start, end)


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("3月5日", "2026-03-05"),
        ("12月5日", "2025-12-05"),
        ("2月29日", "2024-02-29"),
        ("30号", "2026-10-30"),
        ("12月", "2025-12-01"),
    ],
)
def test_what_names_no_year_or_month_is_the_latest_that_has_begun(words, start):
    assert str(resolve(words, said_at=NOW).start.date()) == start


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("8点到10点", "2026-11-24 08:00", "2026-11-24 10:00"),
        ("上午10点到2点", "2026-11-24 10:00", "2026-11-24 14:00"),
        ("晚上8点到10点", "2026-11-23 20:00", "2026-11-23 22:00"),
        ("晚上10点到凌晨2点", "2026-11-23 22:00", "2026-11-24 02:00"),
        ("昨天8点至次日9点", "2026-11-23 08:00", "2026-11-24 09:00"),
        ("1月5日至8日", "2026-01-05 00:00", "2026-01-09 00:00"),
        ("12月28日到1月3日", "2025-12-28 00:00", "2026-01-04 00:00"),
        ("周一到周五", "2026-11-23 00:00", "2026-11-28 00:00"),
        ("2025年12月28日晚上10点之后至2025年12月29日凌晨三点", "2025-12-28 22:00", "2025-12-29 03:00"),
        ("从10月份开始", "2026-10-01 00:00", "2026-11-24 10:30"),
        ("上周起", "2026-11-16 00:00", "2026-11-24 10:30"),
    ],
)
def test_a_stretch_goes_from_its_beginning_to_its_end(words, start, end):
    moment = resolve(words, said_at=NOW)

    assert (f"{moment.start:%Y-%m-%d %H:%M}", f"{moment.end:%Y-%m-%d %H:%M}") == (start, end)


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("昨晚两点", "2026-11-24 02:00"),
        ("昨晚12点", "2026-11-24 00:00"),
        ("今天半夜两点", "2026-11-24 02:00"),
        ("晚上12点24分", "2026-11-24 00:24"),
        ("凌晨1点多", "2026-11-24 01:00"),
        ("昨天凌晨1点", "2026-11-23 01:00"),
    ],
)
def test_the_small_hours_belong_to_the_night_that_was_named(words, start):
    assert f"{resolve(words, said_at=NOW).start:%Y-%m-%d %H:%M}" == start


@pytest.mark.parametrize(
    "words",
    ["", "最近", "近几年", "多年", "每天", "一到晚上", "晚上", "通宵", "夏天", "国庆期间", "春节",
     "同年12月27日", "2月30日", "13月5日", "0年", "9999年12月", "25点", "上周晚上八点",
     "停水", "三天"],
)  # fmt: skip
def test_what_cannot_be_told_is_nothing(words):
    assert resolve(words, said_at=NOW) is None


@given(words=PAST, said_at=CALLS)
def test_the_past_has_begun_when_it_is_told(words, said_at):
    moment = resolve(words, said_at=said_at)

    assert moment is not None
    assert moment.start < moment.end
    assert moment.start <= said_at


@given(words=WEEKDAYS, said_at=CALLS)
def test_a_weekday_moves_with_the_week(words, said_at):
    week = timedelta(days=7)

    before, after = resolve(words, said_at=said_at), resolve(words, said_at=said_at + week)

    assert (after.start, after.end) == (before.start + week, before.end + week)


@given(words=PAST, said_at=CALLS, hours=st.integers(-12, 14))
def test_the_clock_on_the_wall_tells_not_the_zone(words, said_at, hours):
    elsewhere = timezone(timedelta(hours=hours))

    here, there = (resolve(words, said_at=said_at.replace(tzinfo=zone)) for zone in (UTC, elsewhere))

    assert (there.start.tzinfo, there.end.tzinfo) == (elsewhere, elsewhere)
    assert here.start.replace(tzinfo=None) == there.start.replace(tzinfo=None)
    assert here.end.replace(tzinfo=None) == there.end.replace(tzinfo=None)


@given(words=st.lists(PARTS, max_size=6).map("".join) | texts(), said_at=CALLS)
def test_any_words_resolve_to_a_moment_or_to_nothing(words, said_at):
    moment = resolve(words, said_at=said_at)

    assert moment is None or moment.start < moment.end


@pytest.mark.parametrize("said_at", [datetime(1, 1, 1, tzinfo=CHINA), datetime(9999, 12, 31, tzinfo=CHINA)])
@pytest.mark.parametrize(
    "words", ["上周", "去年", "下周", "三天前", "最近三天", "晚上八点", "2月29日", "5号"]
)
def test_at_the_ends_of_the_calendar_nothing_breaks(words, said_at):
    moment = resolve(words, said_at=said_at)

    assert moment is None or moment.start < moment.end
