"""Other systems' tickets: understood or refused with a reason, taken once, nothing of their past lost."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from hotline.lifecycle import Action, Status
from hotline.models.outbox import OutboxMessage
from hotline.models.ticket import Channel, Closing, Kind, Ticket
from hotline.tickets import foreign, importing, timeline
from hotline.tickets.foreign import ColumnMap, ForeignTicket, RowRefused
from hotline.tickets.importing import IMPORTER, Fate
from hotline.work import Work

ZONE = ZoneInfo("Asia/Shanghai")
SOURCE = "旧平台"
COLUMNS = ColumnMap({name: names[0] for name, names in foreign.HEADERS.items()}, SOURCE)
ROW = {
    "工单编号": "FZ-001",
    "标题": "河道发臭",
    "主要内容": "小区后面的河道夏天一直发臭，蚊子很多，希望清淤。",
    "工单类型": "投诉",
    "受理渠道": "电话",
    "受理时间": "2026-03-05 08:30:00",
    "是否匿名": "否",
    "来电人": "陈女士",
    "来电人电话": "13800000002",
    "被反映街乡镇": "",
    "事发地址详情": "",
    "回复内容": "已安排清淤。",
    "流转次数": "2",
}


def _read(**changes: str) -> ForeignTicket:
    return foreign.read_row({**ROW, **changes}, COLUMNS, ZONE)


@pytest.fixture
def importer(work: Work) -> Work:
    return replace(work, actor=IMPORTER)


def _take(work: Work, read: ForeignTicket, *, as_closed: bool = False) -> Ticket:
    taken = importing.take(work, read, SOURCE, as_closed=as_closed)
    return work.session.scalars(select(Ticket).where(Ticket.number == taken.number)).one()


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2020-09-03 00:00:00", (2020, 9, 3)),
        ("2020-09-03 14:05", (2020, 9, 3, 14, 5)),
        ("05/24/2007", (2007, 5, 24)),
        ("2026/3/5", (2026, 3, 5)),
        ("2026年3月5日", (2026, 3, 5)),
    ],
)
def test_dates_are_read_as_they_are_written(written: str, read: tuple[int, ...]) -> None:
    assert _read(受理时间=written).at == datetime(*read, tzinfo=ZONE)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("word", "channel"),
    [
        ("电话", Channel.PHONE),
        ("网站", Channel.WEB),
        ("e福州app", Channel.APP),
        ("微信", Channel.WECHAT),
        ("QQ", Channel.SOCIAL),
        ("微博", Channel.SOCIAL),
        ("邮件", Channel.EMAIL),
        ("短信", Channel.SMS),
    ],
)
def test_channels_are_known_by_the_words_of_other_systems(word: str, channel: Channel) -> None:
    read = _read(受理渠道=word)

    assert (read.channel, read.warnings) == (channel, ())


def test_an_unknown_channel_becomes_other_with_its_word_kept_and_told() -> None:
    read = _read(受理渠道="传真")

    assert (read.channel, read.channel_word) == (Channel.OTHER, "传真")
    assert read.warnings == ("渠道“传真”不认识，按其他登记",)


def test_an_unknown_kind_is_taken_as_help_and_told() -> None:
    read = _read(工单类型="杂项")

    assert read.kind is Kind.HELP
    assert "杂项" in read.warnings[0]


@pytest.mark.parametrize(
    ("word", "anonymous", "caller"),
    [("1", True, ""), ("是", True, ""), ("市民", True, ""), ("0", False, ""), ("陈先生", False, "陈先生")],
)
def test_one_column_may_say_both_whether_and_who(word: str, anonymous: bool, caller: str) -> None:
    read = _read(是否匿名=word, 来电人="")

    assert (read.anonymous, read.caller) == (anonymous, caller)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"主要内容": "", "标题": ""}, "没有诉求内容"),
        ({"受理时间": "去年夏天"}, "写法不认识"),
        ({"受理时间": "1900-01-01"}, "不在 1990 年"),
        ({"主要内容": "长" * 100_001}, "100001 字"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why(changes: dict[str, str], reason: str) -> None:
    with pytest.raises(RowRefused, match=reason):
        _read(**changes)


def test_short_content_and_a_broken_number_are_told_and_taken() -> None:
    read = _read(主要内容="路灯不亮", 来电人电话="不详")

    assert (read.content, read.phone) == ("路灯不亮", "")
    assert read.warnings == ("电话不是号码，未录入", "内容不足二十字")


def test_known_chinese_headers_need_no_map() -> None:
    columns = foreign.known_columns(("工单编号", "诉求内容", "联系电话", "随便一列"))

    assert columns == {"number": "工单编号", "content": "诉求内容", "phone": "联系电话"}


def test_rows_that_say_the_same_under_two_numbers_are_told_apart_from_others() -> None:
    assert _read().digest == _read(工单编号="FZ-002").digest != _read(标题="河道淤积").digest


def test_an_imported_ticket_waits_on_the_dispatch_desk_from_now_on(importer: Work) -> None:
    ticket = _take(importer, _read())

    assert (ticket.status, ticket.logged_at) == (Status.LOGGED, importer.now)
    assert ticket.next_due_at is not None


def test_what_the_other_system_knew_goes_on_the_record(importer: Work) -> None:
    ticket = _take(importer, _read())

    note = timeline.acted(importer, ticket, Action.NOTE)[0]
    assert note.details["imported"] == {
        "source": SOURCE,
        "number": "FZ-001",
        "at": "2026-03-05T00:30:00+00:00",
        "channel": "电话",
        "transfers": "2",
        "answer": "已安排清淤。",
    }
    assert "原受理时间 2026-03-05 08:30" in note.details["text"]


def test_a_row_without_a_usable_place_gets_the_city_as_its_place(importer: Work) -> None:
    taken = importing.take(importer, _read(), SOURCE)

    ticket = importer.session.scalars(select(Ticket).where(Ticket.number == taken.number)).one()
    assert (ticket.area_code, taken.placed) == (importer.city.code, False)


def test_a_place_that_the_city_knows_is_found(importer: Work) -> None:
    ticket = _take(importer, _read(事发地址详情="海澜区潮音街道灯源路8号"))

    assert ticket.area_code == "990101001"


def test_importing_twice_changes_nothing(importer: Work) -> None:
    first = importing.take(importer, _read(), SOURCE)
    again = importing.take(importer, _read(), SOURCE)

    assert (again.fate, again.number) == (Fate.STANDING, first.number)
    assert importer.session.scalar(select(func.count()).select_from(Ticket)) == 1


def test_the_same_number_of_another_system_is_another_ticket(importer: Work) -> None:
    importing.take(importer, _read(), SOURCE)

    assert importing.take(importer, _read(), "另一平台").fate is Fate.TAKEN


def test_an_archive_is_entered_at_its_own_time_as_answered(importer: Work) -> None:
    ticket = _take(importer, _read(), as_closed=True)

    assert (ticket.status, ticket.closing) == (Status.CLOSED, Closing.ANSWERED)
    assert ticket.logged_at == ticket.closed_at == datetime(2026, 3, 5, 0, 30, tzinfo=UTC)
    assert (ticket.answer, ticket.number[:8]) == ("已安排清淤。", "20260305")


def test_nobody_is_told_about_an_archive(importer: Work) -> None:
    _take(importer, _read(), as_closed=True)

    assert importer.session.scalar(select(func.count()).select_from(OutboxMessage)) == 0


def test_who_called_is_told_that_an_open_ticket_was_taken_over(importer: Work) -> None:
    _take(importer, _read())

    kinds = list(importer.session.scalars(select(OutboxMessage.kind)))
    assert kinds == ["tell_caller"]
