"""Ask the machine about a text: what it is about, whose it is, whether it is for us at all."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import classifier
from hotline import labels, runtime
from hotline.cities.city import City
from hotline.commands import lines
from hotline.commands.arguments import Command
from hotline.commands.database import start_with_city
from hotline.commands.refusals import Refused
from hotline.commands.sheets import Row
from hotline.settings import Settings
from hotline.tickets import automatic, triage
from hotline.web.grounds import grounds, lost
from hotline.web.names import area_name
from hotline.work import SYSTEM, Work
from routing import Level, Match

LEVELS = (Level.DISTRICT, Level.SUBDISTRICT, Level.COMMUNITY)


@dataclass(frozen=True)
class Matter:
    text: str
    title: str = ""
    address: str = ""

    @property
    def whole(self) -> str:
        """What the libraries read of it, as of a ticket."""
        return triage.whole_text(self.title, self.text)


def describe(work: Work, segmenter: classifier.Segmenter, matter: Matter) -> lines.Answer:
    """Return what triage says of `matter`. No query. Raises Refused when there is nothing to read."""
    if not matter.text.strip():
        raise Refused("没有内容。请写明诉求")
    view = triage.suggest(work, matter.whole, matter.address)
    taxonomy = work.city.taxonomy
    choice = automatic.choice_of(work, view) if view.place else None
    decision = view.decision
    return {
        "segments": [word for word in segmenter.cut(matter.whole) if word.strip()],
        "categories": [
            {"code": one.code, "name": taxonomy[one.code].name, "probability": round(one.probability, 4)}
            for one in view.suggestion.categories
        ],
        "kind": labels.KINDS[view.suggestion.kind],
        "urgency": labels.URGENCIES[view.suggestion.urgency],
        "risk": [labels.RISKS[risk] for risk in view.suggestion.risks],
        "area": {level.value: _name_at(work.city, view.place, level) for level in LEVELS},
        "lead": decision.lead if decision else None,
        "assisting": list(decision.assisting) if decision else [],
        "auto": choice is not None,
        "reasons": list(_reasons(work, view, automatic=choice is not None)),
        # A direct answer cites an article, and the city has no knowledge base to cite from.
        "outcome": "transfer" if view.transfer else "dispatch",
        "considered": _considered(work, view, matter),
    }


def _considered(work: Work, view: triage.Triage, matter: Matter) -> list[lines.Answer]:
    """Every entry of the catalogue for the category, the one that decided first, each with its fate."""
    if view.category is None:
        return []
    area = view.place.area.code if view.place else None
    words = triage.words_of(matter.address, matter.whole)
    told = triage.explain(work, view.category, area, words)
    return [
        {
            "line": one.entry.line,
            "category": one.entry.category,
            "lead": told.leads[one.entry.line],
            "keyword": one.keyword,
            "lost": one.loss.value if one.loss else None,
            "why": lost(one, work) or None,
        }
        for one in told.considered
    ]


def _name_at(city: City, place: Match | None, level: Level) -> str | None:
    area = city.gazetteer.at_level(place.area.code, level) if place else None
    return area.name if area else None


def _reasons(work: Work, view: triage.Triage, *, automatic: bool) -> Iterator[str]:
    said = view.suggestion
    if view.transfer:
        advice = f"。{view.transfer.advice}" if view.transfer.advice else ""
        yield f"转办：属{view.transfer.name}{_said(_spoken(said, CHANNELS))}{advice}"
    if risks := _spoken(said, (classifier.KeywordKind.RISK,)):
        yield f"风险：{'、'.join(labels.RISKS[risk] for risk in said.risks)}{_said(risks)}"
    if urgent := _spoken(said, (classifier.KeywordKind.URGENCY,)):
        yield f"紧急程度：{labels.URGENCIES[said.urgency]}{_said(urgent)}"
    if view.category:
        yield f"分类：{work.city.taxonomy.path(view.category)}{_said([word.word for word in said.words])}"
    else:
        yield "分类：内容太少，认不出是哪一类"
    yield _about_place(work.city, view.place)
    for ground in grounds(view.decision, work) if view.decision else ():
        yield f"{ground.name}：{ground.words}" + (f"（{ground.small}）" if ground.small else "")
    if not view.transfer:
        yield "派单：条款允许自动派单，把握足够" if automatic else "派单：由派单员确认"


CHANNELS = (classifier.KeywordKind.EMERGENCY, classifier.KeywordKind.TRANSFER)


def _spoken(said: classifier.Suggestion, kinds: tuple[classifier.KeywordKind, ...]) -> list[str]:
    return list(dict.fromkeys(hit.word for hit in classifier.spoken(said.hits, *kinds)))


def _said(words: list[str]) -> str:
    return "，写到" + "".join(f"“{word}”" for word in words) if words else ""


def _about_place(city: City, place: Match | None) -> str:
    if place is None:
        return "地点：没有写到本市的地名"
    if place.alternatives:
        several = "、".join(area_name(city, area.code) for area in place.alternatives)
        return f"地点：“{place.matched}”可能在{several}"
    return f"地点：“{place.matched}”在{area_name(city, place.area.code)}"


def _configure(parser: ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--text", metavar="内容", help="诉求内容")
    what.add_argument(
        "--batch",
        type=Path,
        metavar="文件",
        help="csv 或 xlsx：text 列，可有 title、address 列；一行一个结果",
    )
    parser.add_argument("--title", metavar="标题", help="标题，可不写")
    parser.add_argument("--address", metavar="地址", help="地址，可不写")


def _route(options: Namespace, settings: Settings) -> int:
    if options.batch and (options.title or options.address):
        raise Refused("用 --batch 时，标题和地址写在文件的 title、address 列里")
    sheet = lines.open_batch(options.batch, needed=("text",)) if options.batch else None
    start_with_city(settings, with_model=True)
    with runtime.view(SYSTEM) as work:
        segmenter = classifier.segmenter("jieba", work.city.names)
        if sheet:
            return lines.put_each(sheet, lambda row: describe(work, segmenter, _matter(row)))
        asked = {"text": options.text, "title": options.title or "", "address": options.address or ""}
        lines.put(describe(work, segmenter, _matter(asked)))
    return 0


def _matter(row: Row) -> Matter:
    return Matter(*(_readable(row.get(name, "")) for name in ("text", "title", "address")))


def _readable(text: str) -> str:
    """Replace what was no UTF-8 on the command line: it could not be printed again."""
    return text.encode(errors="surrogateescape").decode(errors="replace").strip()


COMMANDS = {"route": Command(_route, _configure)}
