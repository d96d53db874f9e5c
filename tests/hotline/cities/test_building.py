"""A new city is built from its official code: any of the country, whole, and under its own names."""

import csv
import importlib.util
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import sla
from hotline.cities.building import build, drafted
from hotline.cities.city import City
from hotline.cities.divisions import FILE, Division, NoCity, OfficialCity, Unfit, divisions
from hotline.cities.drafts.template import FOLDER, Template
from hotline.cities.naming import everyday_words, everyday_words_of_towns, short_names, short_town
from hotline.cities.reading import FILES, load
from hotline.settings import ROOT
from routing import Case, Decision, Level, ReasonCode, broken_contracts, route
from routing.lexicon import Lexicon
from tests.support.machine import Machine

DAY = date(2026, 11, 24)
DAYS = (DAY, date(2027, 11, 24))
SOURCE = ROOT.parent / "shared" / "data" / "divisions"
PROVINCES = sorted({code[:2] for code in divisions().city_codes()})
WITHOUT_DISTRICTS = ("4419", "4420", "4604", "6202")
DESK = ("0202", "0208", "0707", "2305", "2402", "2404", "2405")


def official(code: str) -> OfficialCity:
    return divisions().city(code)


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Path]:
    """Where a city is to be built."""
    yield tmp_path / "new"
    # Three hundred cities are a hundred megabytes.
    shutil.rmtree(tmp_path)


@pytest.fixture(scope="module")
def fuzhou(tmp_path_factory: pytest.TempPathFactory) -> City:
    return build(official("350100"), tmp_path_factory.mktemp("built") / "fuzhou")


def ask(city: City, category: str, address: str, text: str = "说不清是谁的") -> Decision:
    found = city.gazetteer.locate(address, text)
    area = found.area if found else city.gazetteer.city
    case = Case(category, area.code, f"{address} {text}", DAY)
    return route(case, city.catalogue, city.departments, city.gazetteer)


def lead(city: City, category: str, address: str) -> str:
    code = ask(city, category, address).lead
    return city.departments[code].name if code else ""


def subdistricts(city: OfficialCity) -> Iterator[tuple[Division, str]]:
    """Each subdistrict with the code of what it must lie in."""
    for part in city.parts:
        if city.has_districts:
            yield from ((each, part.code) for each in part.parts)
        else:
            yield part, city.code


def test_every_city_of_the_country_can_be_built():
    codes = list(divisions().city_codes())

    assert len(codes) == len(set(codes)) == 337
    assert {"11", "12", "31", "50", "3501", "6202", "5133"} <= set(codes)
    assert {"4190", "4290", "4690", "6590", "5001", "5002"}.isdisjoint(codes)


@pytest.mark.parametrize("province", PROVINCES)
def test_every_city_of_a_province_keeps_the_promises_of_a_profile(province, new):
    for code in divisions().city_codes():
        if code.startswith(province):
            plan = official(code)
            folder = new.with_name(code)
            built = build(plan, folder)

            check_profile(built)
            check_areas(built, plan)
            check_names(built, plan, folder)


def check_profile(city: City) -> None:
    """What tests/house/test_cities.py asks of every profile that ships, and a lead for every matter."""
    assert city.code in city.gazetteer
    assert len(city.contracts) == 53
    for day in DAYS:
        assert (
            broken_contracts(city.contracts, city.catalogue, city.departments, city.gazetteer, day=day) == ()
        )
    somewhere = [area for area in city.gazetteer.areas if area.level is Level.SUBDISTRICT][-1]
    for category in city.taxonomy.leaves:
        case = Case(category.code, somewhere.code, "说不清是谁的", DAY)
        decision = route(case, city.catalogue, city.departments, city.gazetteer)
        assert decision.lead or category.code in DESK
        assert ReasonCode.COVERED not in {reason.code for reason in decision.reasons}


def check_areas(city: City, plan: OfficialCity) -> None:
    """Every division is an area in its place, and everyone of them has a body of its own."""
    seen = {area.code: area for area in city.gazetteer.areas}
    bodies = {body.area for body in city.departments}

    assert (seen[plan.code].name, seen[plan.code].level) == (plan.name, Level.CITY)
    for part, parent in subdistricts(plan):
        area = seen[part.code]
        assert (area.name, area.level, area.parent) == (part.name, Level.SUBDISTRICT, parent)
    assert seen.keys() == bodies


def check_names(city: City, plan: OfficialCity, folder: Path) -> None:
    """No two bodies are called alike, and nobody is called as in the demo city."""
    for names in ([body.name for body in city.departments], [body.short for body in city.departments]):
        assert len(names) == len(set(names))
    ours = "\n".join(area.name for area in city.gazetteer.areas)
    for name in ("city.toml", "areas.csv", "places.csv", "departments.csv", "contracts.csv"):
        text = (folder / name).read_text(encoding="utf-8")
        said = {hit.meaning for hit in FICTION.hits(text)}
        assert [word for word in said if word not in ours] == []


def fiction() -> Iterator[str]:
    """Every name of the demo city."""
    for name in ("areas.csv", "places.csv"):
        for line in csv.DictReader((FOLDER / name).read_text(encoding="utf-8").splitlines()):
            yield from (line["name"], *line["aliases"].split())
            if line.get("level") == "city":
                yield line["code"]


FICTION = Lexicon({name: name for name in fiction()})


def test_no_file_of_a_built_city_tells_of_the_demo_city(new):
    build(official("3501"), new)

    for name in FILES:
        text = (new / name).read_text(encoding="utf-8")
        assert {hit.meaning for hit in FICTION.hits(text)} == set(), name
        assert not {"演示", "虚构", "demo"} & {word for word in ("演示", "虚构", "demo") if word in text}


def test_a_street_lamp_in_a_subdistrict_goes_to_its_districts_bureau(fuzhou):
    decision = ask(fuzhou, "0204", "福州市鼓楼区东街街道", "门口的路灯三天不亮了")

    assert fuzhou.departments[decision.lead].name == "鼓楼区城市管理局"
    assert decision.auto


def test_every_subdistrict_has_the_bureau_of_its_district(fuzhou):
    districts = {part.code: part.name for part in official("3501").parts}

    for part, district in subdistricts(official("3501")):
        case = Case("0204", part.code, "路灯不亮", DAY)
        decision = route(case, fuzhou.catalogue, fuzhou.departments, fuzhou.gazetteer)
        assert fuzhou.departments[decision.lead].name == f"{districts[district]}城市管理局"


def test_whose_a_thing_is_and_who_stays_out_holds_in_a_built_city(fuzhou):
    """Marks tell owners, nobody judges himself, praise goes to the praised, streets get no bureau's duty."""
    address = "福州市鼓楼区东街街道"

    assert ask(fuzhou, "0202", address, "供水井盖没了").lead == "U-SHUI"
    unmarked = ask(fuzhou, "0202", address, "井盖没了，没有字")
    assert (unmarked.lead, unmarked.reasons[-2].code) == (None, ReasonCode.FIRST)
    for body in fuzhou.departments:
        about = ask(fuzhou, "2401", "", f"{body.name}的窗口推诿")
        assert body.code not in {about.lead, *about.assisting}
        assert ask(fuzhou, "2405", "", f"感谢{body.name}").lead == body.code
    for category in fuzhou.taxonomy.leaves:
        decision = ask(fuzhou, category.code, address)
        lead = decision.lead and fuzhou.departments.level_of(decision.lead, fuzhou.gazetteer)
        assert lead is None or lead.depth <= decision.minimum_level.depth


@pytest.mark.parametrize(
    ("code", "name", "asked", "districts", "bureau"),
    [
        ("11", "北京市", ("110000", "1101", "110100"), 16, "北京市消防救援总队"),
        ("12", "天津市", ("120000", "1201"), 16, "天津市消防救援总队"),
        ("31", "上海市", ("310000", "3101"), 16, "上海市消防救援总队"),
        ("50", "重庆市", ("500000", "5001", "5002", "500200"), 38, "重庆市消防救援总队"),
    ],
)
def test_a_municipality_is_one_city_of_all_its_districts(code, name, asked, districts, bureau, new):
    plan = official(code)
    built = build(plan, new)

    assert all(official(other) == plan for other in asked)
    assert (built.name, built.code) == (name, code.ljust(6, "0"))
    assert len([area for area in built.gazetteer.areas if area.level is Level.DISTRICT]) == districts
    assert lead(built, "2002", name) == bureau


@pytest.mark.parametrize("code", WITHOUT_DISTRICTS)
def test_a_city_without_districts_leads_itself(code, new):
    plan = official(code)
    built = build(plan, new)
    town = plan.parts[0]

    decision = ask(built, "0204", town.name)

    assert {area.level for area in built.gazetteer.areas} == {Level.CITY, Level.SUBDISTRICT}
    assert built.departments[decision.lead].name == f"{plan.name}城市管理局"
    assert decision.auto
    assert built.departments[ask(built, "0109", town.name).lead].area == town.code


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("福州鼓楼五四路", "鼓楼区"),
        ("福清市音西街道", "音西街道"),
        ("长乐区人民政府门口", "长乐区"),
        ("福州市政府旁边", "福州市"),
    ],
)
def test_a_place_is_found_by_what_people_call_it(fuzhou, address, area):
    assert fuzhou.gazetteer.find(address).area.name == area


def test_a_short_name_that_means_two_things_is_none():
    texts = drafted(official("4301"), Template.read())
    aliases = {line["name"]: line["aliases"] for line in csv.DictReader(texts["areas.csv"].splitlines())}

    assert aliases["长沙市"] == "长沙"
    assert aliases["长沙县"] == ""
    assert aliases["岳麓区"] == "岳麓"


def test_a_town_is_known_by_its_short_form_unless_that_means_something_else():
    texts = drafted(official("3501"), Template.read())
    aliases = {line["name"]: line["aliases"] for line in csv.DictReader(texts["areas.csv"].splitlines())}

    assert aliases["苍霞街道"] == "苍霞"
    assert aliases["仓山镇"] == ""  # the district
    assert aliases["红星乡"] == ""  # there is a 红星农场 too
    assert aliases["上海街道"] == ""  # another city
    assert aliases["温泉街道"] == ""  # an everyday word


def test_a_city_without_districts_is_found_by_the_short_forms_of_its_towns(new):
    built = build(official("4419"), new)

    assert built.gazetteer.find("投诉莞城博厦社区乱停车").area.name == "莞城街道"
    assert built.gazetteer.find("道窖房管所限号").area.name == "道滘镇"
    assert built.gazetteer.find("莞城区东城西路81号").area.name == "莞城街道"


def test_an_everyday_word_names_no_district(new):
    built = build(official("4210"), new)

    assert "公安县" in built.gazetteer.names
    assert built.gazetteer.find("公安民警态度很好") is None
    assert lead(built, "0204", "公安县斗湖堤镇") == "公安县城市管理局"


def test_every_everyday_word_is_the_short_name_of_a_district():
    said = {
        short
        for code in divisions().city_codes()
        for part in official(code).parts
        for short in short_names(part.name)
    }

    assert everyday_words() - said == set()


def test_every_everyday_word_of_towns_is_the_short_form_of_one():
    said = {
        short_town(each.name)
        for code in divisions().city_codes()
        for part in official(code).parts
        for each in (part.parts or (part,))
    }

    assert everyday_words_of_towns() - everyday_words() - said == set()


def test_towns_of_one_name_are_told_apart(new):
    built = build(official("6109"), new)

    shorts = [body.short for body in built.departments if body.name.endswith("城关镇人民政府")]
    assert len(shorts) == 9
    assert "旬阳市城关镇政府" in shorts
    assert ask(built, "2405", "", "感谢城关镇政府").lead is None
    assert lead(built, "2405", "感谢旬阳市城关镇政府") == "旬阳市城关镇人民政府"


@pytest.mark.parametrize(
    ("code", "body"),
    [
        ("130171", "石家庄高新技术产业开发区管理委员会"),
        ("310115", "浦东新区人民政府"),
        ("152571", "乌拉盖管理区管委会"),
        ("522701", "都匀市人民政府"),
    ],
)
def test_a_development_zone_has_a_committee_and_a_district_a_government(code, body, new):
    built = build(official(code[:4]), new)

    assert body in {each.name for each in built.departments if each.area == code}


def test_a_prefecture_calls_its_bureaus_as_it_is_called(new):
    built = build(official("422800"), new)

    assert built.departments["D-CG"].short == "州城管局"
    assert built.departments["U-SHUI"].name == "恩施水务集团"
    assert built.gazetteer.find("恩施州利川市").area.name == "利川市"


def test_a_built_city_writes_what_cities_usually_write(fuzhou):
    assert fuzhou.auto_dispatch.promise.precision == 0.97
    assert fuzhou.learning.shadow.days == 7
    assert fuzhou.hotline.greeting.startswith("您好，福州12345热线")


def test_a_city_is_not_elsewhere_in_its_own_words(new):
    build(official("3501"), new)

    text = (new / "keywords.csv").read_text(encoding="utf-8")
    words = [line["word"] for line in csv.DictReader(text.splitlines())]
    assert "不在福州" in words
    assert "在厦门" in words
    assert "老家在厦门" in words
    assert not {"福州市", "在福州", "福州境内", "福州那边", "老家在福州"} & set(words)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("999900", Unfit.UNKNOWN),
        ("8100", Unfit.UNKNOWN),
        ("", Unfit.MALFORMED),
        ("福州", Unfit.MALFORMED),
        ("３５０１", Unfit.MALFORMED),
        ("350102001", Unfit.MALFORMED),
        ("35", Unfit.PROVINCE),
        ("350000", Unfit.PROVINCE),
        ("350102", Unfit.DISTRICT),
        ("110101", Unfit.DISTRICT),
        ("4190", Unfit.COUNTIES),
        ("429000", Unfit.COUNTIES),
        ("4690", Unfit.COUNTIES),
        ("6590", Unfit.COUNTIES),
        ("429004", Unfit.COUNTIES),
    ],
)
def test_what_is_no_city_is_refused_with_the_reason(code, why):
    with pytest.raises(NoCity) as refused:
        official(code)

    assert refused.value.why is why


def test_what_is_there_is_never_touched(new):
    new.mkdir()

    with pytest.raises(FileExistsError):
        build(official("3501"), new)

    assert list(new.parent.iterdir()) == [new]
    assert list(new.iterdir()) == []


def test_a_failure_leaves_nothing_behind(new, monkeypatch):
    monkeypatch.setattr("hotline.cities.building.load", lambda folder: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        build(official("3501"), new)

    assert list(new.parent.iterdir()) == []


def test_the_same_city_is_built_alike_again(new):
    build(official("3501"), new)
    build(official("350100"), new.with_name("again"))

    assert load(new).profile_hash == load(new.with_name("again")).profile_hash


def packing():
    spec = importlib.util.spec_from_file_location("divisions_tool", ROOT / "tools" / "divisions.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    return tool


@pytest.mark.skipif(not SOURCE.is_dir(), reason=f"the divisions are packed already: {SOURCE} is not there")
def test_the_shipped_divisions_are_packed_from_the_official_ones():
    assert packing().packed(SOURCE) == FILE.read_bytes()
    assert FILE.stat().st_size < 300_000


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.chdir(tmp_path)
    return Machine(tmp_path)


def test_the_command_says_how_to_use_what_it_built(machine, tmp_path):
    done = machine.run("city", "new", "350100", "--name", "fuzhou")

    assert done.code == 0, done.stderr
    assert f"HOTLINE_CITY={tmp_path / 'fuzhou'} " in done.stdout
    assert "福州市（350100）：区县 13 个，街道乡镇 186 个" in done.stdout
    assert machine.run("migrate").code == 0
    assert "已装入福州市" in machine.run("load-city", str(tmp_path / "fuzhou")).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["4290", "--name", "xiantao"], "上面没有地级市"),
        (["35", "--name", "fujian"], "35 是福建省，不是一座城市"),
        (["350102", "--name", "gulou"], "350102 是鼓楼区，属福州市（350100）"),
        (["999900", "--name", "nowhere"], "没有 999900 这个区划代码"),
        (["fuzhou", "--name", "fuzhou"], "区划代码 fuzhou 不对"),
        (["350100"], "缺少参数：--name"),
        (["350100", "--name", "福州"], "--name 要用小写字母开头"),
        (["350100", "--name", "../fuzhou"], "--name 要用小写字母开头"),
        (["350100", "--name", "binhai"], "自带的城市档案已经用了这个名字"),
        (["350100", "--name", "fuzhou", "--out", "."], "不覆盖"),
        (["350100", "--name", "fuzhou", "--out", "no/such/fuzhou"], "没有这个文件或文件夹"),
    ],
)
def test_a_refusal_is_one_line_that_says_what_to_do(machine, arguments, said):
    refused = machine.run("city", "new", *arguments)

    assert refused.code == 2
    assert said in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_city_may_begin_with_the_time_limits_of_another_place(machine, tmp_path):
    done = machine.run("city", "new", "350100", "--name", "fuzhou", "--targets", "sichuan")

    assert done.code == 0, done.stderr
    complaint = sla.Case("complaint", "normal")
    assert str(load(tmp_path / "fuzhou").policy.allowance(sla.Stage.RESOLVE, complaint)) == "15wd"


def test_a_profile_is_checked_without_a_database(machine):
    checked = machine.run("city", "check", "binhai", "--json")

    assert checked.code == 0, checked.stderr
    found = json.loads(checked.stdout)
    text = (FOLDER / "targets.toml").read_text(encoding="utf-8").splitlines()
    assert found["deadlines_tried"] > 1000
    first = found["overlaps"][0]
    assert (first["rule"], first["later_rule"]) == ("第 1 条“重办”", "第 2 条“特急”")
    assert [text[first[line] - 1] for line in ("line", "later_line")] == ["[[target]]"] * 2
    assert "特急、咨询、来自电话、第 2 轮" in first["case"]


def test_a_check_names_the_line_of_a_rule_that_never_applies(machine, tmp_path):
    shutil.copytree(FOLDER, tmp_path / "shadowed")
    targets = tmp_path / "shadowed" / "targets.toml"
    before = targets.read_text(encoding="utf-8")
    targets.write_text(
        f'{before}[[target]]\nurgency = "normal"\naccept = "1d"\ncontact = "1d"\nresolve = "1d"\n',
        encoding="utf-8",
    )

    refused = machine.run("city", "check", str(tmp_path / "shadowed"))

    assert refused.code == 2
    line = before.count("\n") + 1
    assert f"targets.toml 第 {line} 行：这条规则永远用不上：第 4, 5, 6, 7 条" in refused.stderr
