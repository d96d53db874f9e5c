"""A small city that the rules are tried on: two districts, a homonym, a road that crosses subdistricts."""

from collections.abc import Sequence
from datetime import date

from routing import Case, Catalogue, Decision, Departments, Gazetteer, route
from routing.rows import Rows

DAY = date(2026, 11, 23)
CATEGORIES = ("0101", "0202", "0301", "0801", "2405")

AREAS = """
code,name,level,parent,aliases
C,滨海市,city,,
E,东岸区,district,C,东岸
W,西岸区,district,C,
E1,望帆街道,subdistrict,E,老帆镇
E2,灯屿街道,subdistrict,E,
W1,芦汀街道,subdistrict,W,
E11,杏台社区,community,E1,
E21,榆台社区,community,E2,
W11,荷堤社区,community,W1,
"""
PLACES = """
name,kind,area,aliases
阳光花园,compound,E11,
阳光花园,compound,W11,
长堤路,road,E1,
长堤路,road,E2,
榆台小学,school,E21,榆小
"""
DEPARTMENTS = """
code,name,short,kind,duty,area,parent,evaluated,aliases
D-CG,市城市管理局,市城管局,bureau,CG,C,,yes,城管局
D-JJ,市交警支队,市交警,bureau,JJ,C,,yes,交警
U-SHUI,水务集团,水务,utility,SHUI,C,,yes,自来水公司
E,东岸区政府,东岸政府,district,ZF,E,,yes,
W,西岸区政府,西岸政府,district,ZF,W,,yes,
E-CG,东岸区城管局,东岸城管,bureau,CG,E,E,yes,
E-SP,东岸区食品所,东岸食品,bureau,SP,E,E,yes,
JE1,望帆街道办,望帆办,subdistrict,JB,E1,E,yes,
"""
CATALOGUE = """
category,area,level,keyword,lead,assisting,basis,minimum_level,auto,note,from,to
01,,,,CG@district,JB@subdistrict,市容条例,subdistrict,yes,,,
0202,,,,named,CG@district,道路条例,district,no,,,
0202,,,自来水 供水,U-SHUI,CG@district,道路条例,district,no,,,
0301,,,,SHUI@city,,供水条例,district,yes,,,
0801,,,,JJ@city,,道交法,subdistrict,no,,,
0801,,,小区内,JB@subdistrict,,物业条例,subdistrict,no,,,
2405,,,,named,,66号,district,yes,,,
"""


def rows(table: str) -> Rows:
    """Read a table as the city profile would hand it over: with the line of every row."""
    header, *lines = table.strip().splitlines()
    names = header.split(",")
    return [(n, dict(zip(names, line.split(","), strict=True))) for n, line in enumerate(lines, start=2)]


def gazetteer(areas: str = AREAS, places: str = PLACES) -> Gazetteer:
    return Gazetteer.parse(rows(areas), rows(places))


def departments(table: str = DEPARTMENTS) -> Departments:
    return Departments.parse(rows(table), TOWN)


def catalogue(table: str = CATALOGUE, categories: Sequence[str] = CATEGORIES) -> Catalogue:
    return Catalogue.parse(rows(table), categories=categories, areas=TOWN, departments=OFFICES)


TOWN = gazetteer()
OFFICES = departments()
RULES = catalogue()


def decide(
    category: str, area: str, text: str = "", *, rules: Catalogue = RULES, day: date = DAY
) -> Decision:
    return route(Case(category, area, text, day), rules, OFFICES, TOWN)
