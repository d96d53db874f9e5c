"""The dispatch catalogue in versions: what a draft may say, what blocks it, and what publishing does."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.cities.catalogue_files import Handed
from hotline.cities.catalogues import CatalogueText
from hotline.errors import InvalidInput, NotFound
from hotline.models.catalogue import Standing
from hotline.models.mark import CATALOGUE, Mark
from hotline.tickets import triage
from hotline.tickets.catalogues import drafting, proposing, uploads, versions
from hotline.tickets.catalogues.differences import differences
from hotline.tickets.catalogues.drafting import Why
from hotline.tickets.catalogues.preview import preview
from hotline.work import SYSTEM, Work
from routing import Decides
from tests.builders import DISPATCHER, SUPERVISOR, a_dispatched_ticket, a_logged_ticket, by

WHY = Why("道路挖掘改由养护单位负责")
BASIS = "会商纪要第一号"


@pytest.fixture
def work(work: Work) -> Work:
    """A supervisor at work on a database whose profile was loaded."""
    versions.deliver(work)
    return by(work, SUPERVISOR)


def line(**columns: str) -> dict[str, str]:
    return {"minimum_level": "subdistrict", "auto": "no", "basis": BASIS, "lead": "D-CG"} | columns


def general(work: Work, category: str) -> dict[str, str]:
    return next(
        dict(one)
        for one in work.city.profile_catalogue.lines
        if one["category"] == category and not (one["area"] or one["level"] or one["keyword"])
    )


def under_draft(work: Work) -> Work:
    draft = versions.required_draft(work)
    return replace(work, city=versions.city_under(work, versions.text_of(draft)))


def test_the_first_catalogue_of_a_profile_is_in_force_at_once(work):
    present = versions.in_force(work)

    assert present is not None
    assert present.number == 1
    assert present.standing is Standing.IN_FORCE
    assert versions.deliver(work) is versions.Delivery.KNOWN


def test_a_changed_file_becomes_a_draft_and_undoes_nothing(work):
    lines = [*work.city.profile_catalogue.lines, line(category="0101", keyword="灯箱")]
    changed = CatalogueText.of(lines, work.city.profile_catalogue.example_lines)
    again = replace(work, city=replace(work.city, profile_catalogue=changed))

    assert versions.deliver(again) is versions.Delivery.DRAFTED
    assert versions.in_force(work).number == 1
    assert versions.deliver(again) is versions.Delivery.KNOWN


def test_a_file_does_not_overwrite_an_open_draft(work):
    drafting.put(work, line(category="0101", keyword="灯箱"), WHY)
    lines = [*work.city.profile_catalogue.lines, line(category="0102", keyword="灯箱")]
    changed = CatalogueText.of(lines, work.city.profile_catalogue.example_lines)

    assert (
        versions.deliver(replace(work, city=replace(work.city, profile_catalogue=changed)))
        is versions.Delivery.WAITS
    )


def test_a_draft_changes_no_dispatch_until_it_is_published(work):
    before = work.city.catalogue.version

    drafting.put(work, line(category="0101", keyword="灯箱"), WHY)

    assert versions.in_force(work).number == 1
    assert work.session.get(Mark, CATALOGUE).value == str(versions.in_force(work).id)
    assert work.city.catalogue.version == before


def test_publishing_retires_the_version_before_and_marks_the_new_one(work):
    drafting.put(work, line(category="0101", keyword="灯箱"), WHY)

    published = versions.publish(work, because="会商定下")

    assert published.broken == ()
    assert published.version.number == 2
    assert versions.draft(work) is None
    assert versions.version(work, 1).standing is Standing.RETIRED
    assert work.session.get(Mark, CATALOGUE).value == str(published.version.id)


def test_every_change_is_kept_with_who_made_it_and_why(work):
    draft = drafting.put(work, line(category="0101", keyword="灯箱"), WHY)
    drafting.remove(by(work, DISPATCHER), line(category="0101", keyword="灯箱"), Why("看错了"))

    added, removed = versions.changes(work, draft)

    assert (added.before, added.after["keyword"], added.because) == (None, "灯箱", WHY.because)
    assert added.by_id == SUPERVISOR.user_id
    assert (removed.after, removed.because, removed.by_id) == (None, "看错了", DISPATCHER.user_id)


def test_a_change_without_a_reason_is_refused(work):
    with pytest.raises(InvalidInput) as refused:
        drafting.put(work, line(category="0101", keyword="灯箱"), Why(" "))

    assert refused.value.fields == {"because": "say_why"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"lead": "D-NOBODY"}, "'D-NOBODY'"),
        ({"category": "9999"}, "'9999'"),
        ({"area": "000000"}, "'000000'"),
        ({"from": "2026-02-30"}, "2026-02-30"),
        ({"from": "2026-12-01", "to": "2026-11-01"}, "before it begins"),
        ({"basis": ""}, "basis is empty"),
        ({"lead": "CG@subdistrict", "minimum_level": "district"}, "below the minimum level"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_place_and_the_draft_stays(work, wrong, said):
    draft = drafting.put(work, line(category="0102", keyword="灯箱"), WHY)
    before = draft.entries

    with pytest.raises(InvalidInput) as refused:
        drafting.put(work, line(category="0101", keyword="灯箱") | wrong, WHY)

    problem = refused.value.fields["entries"]
    assert problem.startswith("broken_catalogue:catalogue.csv:")
    assert said in problem
    assert versions.required_draft(work).entries == before


def test_a_new_entry_for_the_same_case_ends_the_old_one_the_day_before(work):
    old = general(work, "0101")

    drafting.put(work, old | {"lead": "D-JT", "from": "2026-12-01"}, WHY)

    lines = [
        one for one in versions.text_of(versions.required_draft(work)).lines if one["category"] == "0101"
    ]
    assert {(one["lead"], one["from"], one["to"]) for one in lines if not one["keyword"]} == {
        (old["lead"], "", "2026-11-30"),
        ("D-JT", "2026-12-01", ""),
    }


def test_a_rule_for_a_winter_lets_the_old_one_go_on_in_spring(work):
    old = general(work, "0101")

    drafting.put(work, old | {"lead": "D-JT", "from": "2026-12-01", "to": "2027-03-15"}, WHY)

    lines = [
        one for one in versions.text_of(versions.required_draft(work)).lines if one["category"] == "0101"
    ]
    assert {(one["lead"], one["from"], one["to"]) for one in lines if not one["keyword"]} == {
        (old["lead"], "", "2026-11-30"),
        ("D-JT", "2026-12-01", "2027-03-15"),
        (old["lead"], "2027-03-16", ""),
    }


days = st.one_of(st.just(""), st.dates(date(2026, 1, 1), date(2028, 1, 1)).map(date.isoformat))
periods = st.tuples(days, days).filter(lambda one: not all(one) or one[0] <= one[1])


@settings(max_examples=25, deadline=None)
@given(st.lists(periods, min_size=1, max_size=6))
def test_whatever_periods_are_entered_one_after_another_every_day_has_exactly_one_entry(city, spans):
    text = city.profile_catalogue
    old = next(one for one in text.lines if one["category"] == "0101")
    entered = []
    for number, (begin, end) in enumerate(spans):
        new = {**old, "from": begin, "to": end, "note": f"第{number}条"}
        lines = [piece for one in text.lines for piece in drafting.making_room(one, new)]
        text = CatalogueText.of([*lines, new], text.example_lines)
        entered.append(new)

    catalogue = city.with_catalogue(text).catalogue

    for day in (date(2025, 12, 31) + timedelta(days=7 * n) for n in range(110)):
        (valid,) = [one for one in catalogue.entries if one.category == "0101" and one.in_force(day)]
        last = [one for one in entered if (one["from"] or "0001") <= day.isoformat() <= (one["to"] or "9999")]
        assert valid.note == (last[-1]["note"] if last else old["note"])


def test_an_example_that_goes_elsewhere_blocks_publishing_and_is_named(work):
    example = next(one for one in work.city.contracts if one.category == "0101" and one.lead)
    old = general(work, "0101")
    drafting.put(work, old | {"lead": "D-JT"}, WHY)

    published = versions.publish(work, because="试试")

    assert example in [one.contract for one in published.broken]
    assert versions.in_force(work).number == 1
    assert versions.draft(work) is not None


def test_a_red_example_of_a_ruling_blocks_whoever_changes_the_entry_later(work):
    drafting.put(work, line(category="0101", keyword="灯箱", lead="D-JT"), WHY)
    told = {"text": "楼顶灯箱松动", "address": "", "category": "0101", "lead": "D-JT"}
    drafting.put_example(work, told, WHY)
    assert versions.publish(work, because="裁定").broken == ()
    under = replace(work, city=versions.city_under(work, versions.text_of(versions.in_force(work))))

    drafting.remove(under, line(category="0101", keyword="灯箱", lead="D-JT"), Why("合并"))

    (broken,) = versions.publish(under, because="合并").broken
    assert broken.contract.text == "楼顶灯箱松动"


def test_publishing_nothing_new_is_refused(work):
    drafting.put(work, line(category="0101", keyword="灯箱"), WHY)
    drafting.remove(work, line(category="0101", keyword="灯箱"), WHY)

    with pytest.raises(InvalidInput) as refused:
        versions.publish(work, because="没有变")

    assert refused.value.fields == {"because": "catalogue_same"}


def test_a_draft_can_be_given_up_and_another_begun(work):
    drafting.put(work, line(category="0101", keyword="灯箱"), WHY)

    versions.drop(work)

    assert versions.draft(work) is None
    drafting.put(work, line(category="0102", keyword="灯箱"), WHY)
    (only,) = differences(work.city.catalogue_text, versions.text_of(versions.required_draft(work))).entries
    assert only.line["category"] == "0102"


def test_dropping_or_publishing_what_is_not_there_is_refused(work):
    with pytest.raises(NotFound):
        versions.drop(work)
    with pytest.raises(NotFound):
        versions.publish(work, because="什么")


def test_the_preview_lists_the_tickets_that_would_go_elsewhere(work):
    right = a_dispatched_ticket(work)
    a_logged_ticket(work)
    decision = triage.decide_for(work, right)
    old = general(work, right.category_code)
    drafting.put(work, old | {"lead": "D-JT", "assisting": "", "minimum_level": "city"}, WHY)

    shown = preview(work, versions.text_of(versions.required_draft(work)))

    assert shown.tickets == 2
    assert {one.ticket.id for one in shown.moved} >= {right.id}
    moved = next(one for one in shown.moved if one.ticket.id == right.id)
    assert (moved.before.lead, moved.after.lead) == (decision.lead, "D-JT")


def test_a_rule_that_begins_later_is_previewed_as_of_its_first_day(work):
    old = general(work, "0101")
    drafting.put(work, old | {"lead": "D-JT", "from": "2027-02-01", "minimum_level": "city"}, WHY)

    assert preview(work, versions.text_of(versions.required_draft(work))).day == date(2027, 2, 1)


def test_differences_name_the_columns_and_forget_the_order(work):
    text = work.city.profile_catalogue
    shuffled = CatalogueText.of(reversed(text.lines), text.example_lines)
    assert not differences(text, shuffled)
    assert shuffled.digest == text.digest

    changed = [{**one, "note": "新注"} if one["category"] == "0101" else one for one in text.lines]
    found = differences(text, CatalogueText.of(changed, text.example_lines))

    assert [one.columns for one in found.entries] == [("note",)] * len(found.entries)
    assert {one.line["category"] for one in found.entries} == {"0101"}


def test_what_a_changed_file_brings_is_on_record_without_a_person(work):
    text = work.city.profile_catalogue
    changed = CatalogueText.of([*text.lines, line(category="0101", keyword="灯箱")], text.example_lines)
    system = replace(work, city=replace(work.city, profile_catalogue=changed), actor=SYSTEM)

    versions.deliver(system)

    (record,) = versions.records(work, versions.required_draft(work))
    assert (record.by, record.change.because, record.change.after["keyword"]) == (None, "", "灯箱")


def test_the_history_of_an_entry_leads_back_to_its_beginning(work):
    first = line(category="0101", keyword="灯箱")
    drafting.put(work, first, Why("新增"))
    versions.publish(work, because="第二版")
    then = replace(work, city=versions.city_under(work, versions.text_of(versions.in_force(work))))
    entered = next(one for one in then.city.catalogue_text.lines if one["keyword"] == "灯箱")
    second = {**entered, "note": "先看产权"}
    drafting.put(then, second, Why("补提示"), replaces=entered)
    assert versions.history(then, second) == []
    versions.publish(then, because="第三版")

    steps = versions.history(then, second)

    assert [(one.number, one.change.because, one.by) for one in steps] == [
        (3, "补提示", "supervisor"),
        (2, "新增", "supervisor"),
    ]
    assert [one.changes for one in versions.overviews(work)] == [1, 1, 0]


def test_a_handed_in_table_replaces_its_own_table_alone(work):
    text = work.city.catalogue_text
    told = {"text": "楼顶灯箱松动", "address": "", "category": "0101", "lead": ""}
    handed = Handed("样例.csv", None, ((2, told),))

    draft = uploads.hand_in(work, handed, WHY)

    taken = versions.text_of(draft)
    assert taken.lines == text.lines
    assert taken.example_lines == ({**told, "from": "", "to": ""},)


def test_a_fault_in_a_handed_in_table_names_the_row_it_stood_on(work):
    rows = [(number * 3, dict(one)) for number, one in enumerate(work.city.catalogue_text.lines, start=1)]
    rows[-1][1]["lead"] = "D-NOBODY"

    with pytest.raises(InvalidInput) as refused:
        uploads.hand_in(work, Handed("目录.xlsx", tuple(rows), None), WHY)

    assert refused.value.fields["file"].startswith(f"broken_table:目录.xlsx:{rows[-1][0]}: ")
    assert versions.draft(work) is None


def test_a_ruling_for_the_whole_city_names_the_duty_and_one_for_a_district_whom_it_designated(work):
    assert proposing.lead_of(work, "Q01-D-CG", area="") == "CG@district"
    assert proposing.lead_of(work, "Q01-D-CG", area="990101") == "Q01-D-CG"
    assert proposing.lead_of(work, "U-SHUI", area="") == "SHUI@city"


def test_what_a_ruling_teaches_may_go_by_itself_and_its_example_goes_where_it_was_ruled(work):
    told = {"text": "立交桥下的灯不亮", "address": "", "category": "0204", "lead": "D-JT"}
    taught = line(category="0204", keyword="立交桥下", lead="D-JT", minimum_level="city", auto="yes")

    proposing.propose(work, taught, told, WHY)

    draft = versions.required_draft(work)
    assert {one.table for one in versions.changes(work, draft)} == {"catalogue.csv", "contracts.csv"}
    (entry,) = [one for one in under_draft(work).city.catalogue.entries if one.keywords == ("立交桥下",)]
    assert entry.auto


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"auto": "maybe"}, "auto"),
        ({"lead": "", "auto": "yes"}, "auto"),
        ({"lead": "D-NOBODY"}, "lead"),
        ({"category": ""}, "category"),
        ({"minimum_level": "subdistrict", "lead": "JB@community"}, "minimum_level"),
    ],
)
def test_a_line_that_cannot_be_taught_is_refused_by_the_column_at_fault(work, wrong, field):
    taught = line(category="0204", keyword="立交桥下", lead="D-JT", minimum_level="city") | wrong

    with pytest.raises(InvalidInput) as refused:
        proposing.propose(work, taught, None, WHY)

    assert list(refused.value.fields) == [field]


TAUGHT = {"text": "路边灯箱坏了", "address": "", "category": "0204", "lead": "D-JT"}


def test_an_example_of_an_entry_that_begins_later_is_judged_on_its_first_day(work):
    later = line(category="0204", keyword="灯箱", lead="D-JT", minimum_level="city") | {"from": "2026-12-01"}

    proposing.propose(work, later, TAUGHT, WHY)

    assert versions.publish(work, because="下月起").broken == ()


def test_an_example_of_an_entry_that_has_ended_blocks_nothing_any_more(work):
    short = line(category="0204", keyword="灯箱", lead="D-JT", minimum_level="city") | {"to": "2026-11-25"}
    proposing.propose(work, short, TAUGHT, WHY)
    assert versions.publish(work, because="临时").broken == ()
    then = replace(work, now=work.now + timedelta(days=5))
    then = replace(then, city=versions.city_under(then, versions.text_of(versions.in_force(then))))

    drafting.put(then, line(category="0101", keyword="横幅"), WHY)

    assert versions.publish(then, because="别的事").broken == ()


def test_what_a_ruling_teaches_of_a_conduct_category_still_lets_the_accused_stand_back(work):
    taught = line(category="2401", lead="D-ZFB", minimum_level="city", keyword="数据局")

    proposing.propose(work, taught, None, WHY)

    (entry,) = [one for one in under_draft(work).city.catalogue.entries if one.keywords == ("数据局",)]
    assert entry.decides is Decides.CONDUCT


def test_what_a_ruling_teaches_of_property_keeps_who_makes_it_safe(work):
    usual = general(work, "0208")
    proposing.propose(
        work, line(category="0208", keyword="移动", lead="U-YD", minimum_level="district"), None, WHY
    )

    lines = versions.text_of(versions.required_draft(work)).lines
    (entered,) = [one for one in lines if one["category"] == "0208" and one["keyword"] == "移动"]
    assert (entered["decides"], entered["first"]) == ("property", usual["first"])


def test_a_dispatch_names_rules_by_which_its_version_is_found(work):
    drafting.put(work, line(category="0101", keyword="灯箱"), WHY)

    published = versions.publish(work, because="会商").version

    assert published.rules == versions.city_under(work, versions.text_of(published)).catalogue.version
