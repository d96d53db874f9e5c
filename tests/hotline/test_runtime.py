"""Units of work as a process opens them: one writes and commits, the other only reads."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from hotline import clock, db, runtime
from hotline.errors import BrokenCity, BrokenSettings
from hotline.models.calendar import CalendarDay
from hotline.models.mark import CALENDAR, CATALOGUE, VAULT, Mark
from hotline.models.ticket import Ticket
from hotline.settings import Settings
from hotline.tickets import intake
from hotline.tickets.catalogues import drafting, versions
from hotline.tickets.catalogues.drafting import Why
from hotline.work import SYSTEM
from tests.builders import AGENT, a_call, enrol, fill_profile_tables


def mark_with_its_key() -> None:
    with runtime.work(SYSTEM) as work:
        work.session.add(Mark(name=VAULT, value=work.vault.mark()))


@pytest.fixture
def settings(tmp_path: Path, city) -> Iterator[Settings]:
    """A started process on a database of its own."""
    settings = Settings(
        instance=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'hotline.db'}",
        secret_key="s" * 32,
        vault_key="00" * 32,
    )
    engine = db.open_engine(settings.database)
    db.Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        fill_profile_tables(session, city)
        enrol(session)
    engine.dispose()
    runtime.start(settings, with_model=False)
    yield settings
    runtime.stop()


def register() -> str:
    with runtime.work(AGENT) as work:
        return intake.log(work, a_call(), auto_lane=False).ticket.number


def numbers() -> list[str]:
    with runtime.view(SYSTEM) as work:
        return list(work.session.scalars(select(Ticket.number)))


def test_what_is_done_in_a_unit_of_work_is_there_afterwards(settings):
    number = register()

    assert numbers() == [number]


def test_a_unit_of_work_that_fails_leaves_nothing(settings):
    with pytest.raises(ZeroDivisionError), runtime.work(AGENT) as work:
        intake.log(work, a_call(), auto_lane=False).ticket.events // 0

    assert numbers() == []


def test_a_view_leaves_nothing(settings):
    with runtime.view(AGENT) as work:
        work.session.add(Mark(name="seen", value="yes"))
        work.session.flush()

    with runtime.view(SYSTEM) as work:
        assert work.session.get(Mark, "seen") is None


def test_the_moment_is_the_clock_s_unless_one_is_handed_in(settings):
    before = clock.now()
    with runtime.work(SYSTEM) as work:
        assert before <= work.now <= clock.now()
    with runtime.work(SYSTEM, now=before) as work:
        assert work.now == before


def test_a_process_that_was_not_started_says_so():
    with pytest.raises(RuntimeError, match="start"), runtime.work(SYSTEM):
        pass


def test_a_profile_that_does_not_exist_stops_the_start(tmp_path):
    settings = Settings(instance=tmp_path, city=str(tmp_path / "nowhere"), vault_key="00" * 32)

    with pytest.raises(BrokenCity):
        runtime.start(settings)


def test_another_key_than_the_database_was_sealed_with_stops_the_start(settings):
    mark_with_its_key()
    runtime.stop()

    with pytest.raises(BrokenSettings, match="HOTLINE_VAULT_KEY"):
        runtime.start(replace(settings, vault_key="11" * 32), with_model=False)
    with pytest.raises(RuntimeError, match="start"), runtime.work(SYSTEM):
        pass


def test_the_key_that_it_was_sealed_with_starts(settings):
    mark_with_its_key()
    runtime.stop()

    runtime.start(settings, with_model=False)

    assert register()


def test_the_calendar_is_that_of_the_table(settings):
    with runtime.view(SYSTEM) as work:
        assert not work.city.calendar.is_workday(date(2026, 10, 1))
        assert work.city.calendar.is_workday(date(2026, 10, 10))


def test_an_imported_calendar_holds_from_the_next_unit_of_work_on(settings):
    with runtime.work(SYSTEM) as work:
        work.session.get_one(CalendarDay, date(2026, 11, 25)).works = False
        work.session.merge(Mark(name=CALENDAR, value="imported"))

    with runtime.view(SYSTEM) as work:
        assert not work.city.calendar.is_workday(date(2026, 11, 25))


def test_without_official_days_everything_is_provisional_and_nothing_breaks(settings):
    with runtime.work(SYSTEM) as work:
        work.session.execute(delete(CalendarDay))
        work.session.merge(Mark(name=CALENDAR, value="emptied"))

    register()

    with runtime.view(SYSTEM) as work:
        assert work.city.calendar.is_provisional(date(2026, 11, 25))


def test_a_lost_model_stops_nothing(settings):
    runtime.stop()

    runtime.start(replace(settings, model_path=str(settings.instance / "no-model")))

    assert runtime.current().city.classifier is None
    assert register()


def publish_an_entry(keyword: str) -> None:
    line = {"category": "0101", "keyword": keyword, "lead": "D-JT", "basis": "会商纪要"}
    with runtime.work(SYSTEM) as work:
        versions.deliver(work)
        drafting.put(work, line | {"minimum_level": "city", "auto": "no"}, Why("会商"))
        assert versions.publish(work, because="会商").broken == ()


def keywords() -> set[str]:
    with runtime.view(SYSTEM) as work:
        return {word for entry in work.city.catalogue.entries for word in entry.keywords}


def test_a_published_catalogue_dispatches_from_the_next_unit_of_work_on(settings):
    assert "灯箱" not in keywords()

    publish_an_entry("灯箱")

    assert "灯箱" in keywords()
    runtime.stop()
    runtime.start(settings, with_model=False)
    assert "灯箱" in keywords()


def test_a_published_catalogue_that_no_longer_fits_leaves_its_place_to_the_profile(settings):
    publish_an_entry("灯箱")
    with runtime.work(SYSTEM) as work:
        present = versions.in_force(work)
        present.entries = present.entries.replace("D-JT", "D-GONE")
        work.session.merge(Mark(name=CATALOGUE, value=f"0{present.id}"))

    assert "灯箱" not in keywords()
    assert keywords()


def test_a_catalogue_that_no_longer_fits_keeps_the_profile_from_being_loaded(settings):
    publish_an_entry("灯箱")
    with runtime.work(SYSTEM) as work:
        present = versions.in_force(work)
        present.entries = present.entries.replace("D-JT", "D-GONE")

    with pytest.raises(BrokenCity) as broken, runtime.work(SYSTEM) as work:
        versions.deliver(work)
    assert (broken.value.file, "D-GONE" in broken.value.message) == ("catalogue.csv", True)
