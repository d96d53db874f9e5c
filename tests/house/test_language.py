"""The words that people read: complete, in one place, as a clerk would say them."""

import ast
import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

import pytest

import classifier.keywords
from hotline import labels
from hotline.cities.rules import TransferMode
from hotline.lifecycle import Action, Role, Status
from hotline.models.application import ApplicationKind, ApplicationState
from hotline.models.assignment import Part
from hotline.models.deadline import DeadlineOutcome
from hotline.models.follow_up import Contacted, Solved, Via
from hotline.models.ticket import CategorySource, Channel, Closing, Kind, Urgency
from hotline.settings import ROOT
from hotline.tickets.handling import OUTCOMES
from hotline.tickets.review import FAULTS
from routing import QuestionKind
from sla.policy import Stage

CHINESE = re.compile("[\u4e00-\u9fff]")
TOTAL: tuple[tuple[type[StrEnum], Mapping[str, str]], ...] = (
    (Role, labels.ROLES),
    (Status, labels.STATUSES),
    (Status, labels.STATE_SHAPES),
    (Action, labels.ACTIONS),
    (Stage, labels.STAGES),
    (Kind, labels.KINDS),
    (Urgency, labels.URGENCIES),
    (Channel, labels.CHANNELS),
    (Closing, labels.CLOSINGS),
    (CategorySource, labels.CATEGORY_SOURCES),
    (Part, labels.PARTS),
    (ApplicationKind, labels.APPLICATION_KINDS),
    (ApplicationState, labels.APPLICATION_STATES),
    (DeadlineOutcome, labels.DEADLINE_OUTCOMES),
    (Via, labels.VIAS),
    (Contacted, labels.CONTACTED),
    (Solved, labels.SOLVED),
    (classifier.keywords.Risk, labels.RISKS),
    (TransferMode, labels.TRANSFER_MODES),
    (QuestionKind, labels.PLACE_QUESTIONS),
)
# The shell speaks to people; what lies beneath it speaks in codes.
# An import reads what other systems wrote, so it knows their words.
READERS = {"importing.py", "foreign.py"}
GROUND = ("lifecycle", "db", "work", "runtime", "errors", "crypto", "app")
WORDLESS = [
    *(ROOT / "sla").rglob("*.py"),
    *(file for file in (ROOT / "hotline" / "tickets").rglob("*.py") if file.name not in READERS),
    *(ROOT / "hotline" / "models").rglob("*.py"),
    *(ROOT / "hotline" / "jobs").rglob("*.py"),
    *(ROOT / "hotline" / f"{name}.py" for name in GROUND),
]
SPEAKING = sorted(
    [
        ROOT / "hotline" / "labels.py",
        *(ROOT / "hotline" / "web").rglob("*.py"),
        *(ROOT / "hotline" / "web" / "templates").rglob("*.html"),
        *(ROOT / "hotline" / "web" / "static" / "js").rglob("*.js"),
    ]
)
# Words that machines say to people, and what nobody in the house says (design: Words).
UNSAID = (
    *("操作成功", "提交成功", "操作失败", "系统异常", "网络异常", "暂无数据", "您没有权限", "必填项"),
    *("置信度", "拒单", "请勿", "数据已被修改", "类型错误", "！", "亲，"),
)


def short(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(("members", "words"), TOTAL, ids=lambda one: getattr(one, "__name__", ""))
def test_every_member_of_a_closed_set_has_its_word(members: type[StrEnum], words: Mapping[str, str]) -> None:
    assert set(words) >= {member.value for member in members}
    assert all(words[member.value] for member in members)


def test_what_a_result_and_its_fault_can_be_has_a_word() -> None:
    assert set(labels.OUTCOMES) == set(OUTCOMES)
    assert set(labels.FAULTS) == set(FAULTS)


def test_a_status_and_an_action_are_never_called_alike_by_two_codes() -> None:
    for words in (labels.STATUSES, labels.ACTIONS, labels.KINDS, labels.ROLES):
        assert len(set(words.values())) == len(words)


def raised_codes() -> Iterator[tuple[str, str]]:
    """Yield ("problem" or "refusal", code) for every code that a use case or a page can raise."""
    for file in [*(ROOT / "hotline" / "tickets").glob("*.py"), *(ROOT / "hotline" / "web").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            yield from _codes_in(node)


def _codes_in(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
        if node.func.id == "NotAllowed" and len(node.args) > 1:
            yield from (("refusal", str(text)) for text in texts[-1:])
        elif node.func.id == "LimitReached" and len(texts) > 1:
            yield "problem", str(texts[1])
        elif node.func.id == "InvalidInput" and node.args and isinstance(node.args[0], ast.Dict):
            values = [one.value for one in node.args[0].values if isinstance(one, ast.Constant)]
            yield from (("problem", str(value)) for value in values)
    elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
        place = node.targets[0].value
        if isinstance(place, ast.Name) and place.id == "problems" and isinstance(node.value, ast.Constant):
            yield "problem", str(node.value.value)


def test_every_reason_that_can_be_raised_has_its_sentence() -> None:
    known = {"problem": labels.PROBLEMS, "refusal": {**labels.REFUSALS, "page": ""}}
    codes = set(raised_codes())

    assert len(codes) > 30
    assert not {(kind, code) for kind, code in codes if code.partition(":")[0] not in known[kind]}


def test_every_sentence_ends_as_one() -> None:
    for sentence in (*labels.PROBLEMS.values(), *labels.REFUSALS.values()):
        assert sentence.endswith(("。", "”")), sentence


@pytest.mark.parametrize("file", WORDLESS, ids=short)
def test_beneath_the_shell_nothing_is_said_in_chinese(file: Path) -> None:
    said = [text for text in _strings(file) if CHINESE.search(text)]

    assert not said


def _strings(file: Path) -> Iterator[str]:
    """Yield every string of a module that is no docstring."""
    tree = ast.parse(file.read_text())
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


@pytest.mark.parametrize("file", SPEAKING, ids=short)
def test_nobody_is_spoken_to_like_a_machine(file: Path) -> None:
    text = "\n".join(_strings(file)) if file.suffix == ".py" else file.read_text()

    assert not [words for words in UNSAID if words in text]


@pytest.mark.parametrize("file", SPEAKING, ids=short)
def test_chinese_sentences_have_chinese_punctuation(file: Path) -> None:
    text = "\n".join(_strings(file)) if file.suffix == ".py" else file.read_text()

    assert not re.findall("[\u4e00-\u9fff][,;!?][\u4e00-\u9fff]", text)
