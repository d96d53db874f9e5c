"""Whose is it? From a category, a place and a text to the department that answers for it.

Pure: tables come as rows already read, and every fault in them carries the line.
"""

from routing.areas import Area, Level
from routing.catalogue import Catalogue, Decides, Entry
from routing.contest import Case, Considered, Criterion, Loss
from routing.contracts import BrokenContract, Contract, broken_contracts
from routing.decision import Explanation, explain, objection, route
from routing.departments import Department, DepartmentKind, Departments, DutyAt
from routing.errors import BrokenTable, UnknownCode
from routing.gazetteer import Gazetteer, Match, MatchReason
from routing.parts import PartKind
from routing.places import PlaceKind
from routing.questions import Option, Question, QuestionKind
from routing.reasons import Candidate, Decision, Reason, ReasonCode
from routing.returns import Ground, ReturnReason, ReturnRules, is_ping_pong

__all__ = [
    "Area",
    "BrokenContract",
    "BrokenTable",
    "Candidate",
    "Case",
    "Catalogue",
    "Considered",
    "Contract",
    "Criterion",
    "Decides",
    "Decision",
    "Department",
    "DepartmentKind",
    "Departments",
    "DutyAt",
    "Entry",
    "Explanation",
    "Gazetteer",
    "Ground",
    "Level",
    "Loss",
    "Match",
    "MatchReason",
    "Option",
    "PartKind",
    "PlaceKind",
    "Question",
    "QuestionKind",
    "Reason",
    "ReasonCode",
    "ReturnReason",
    "ReturnRules",
    "UnknownCode",
    "broken_contracts",
    "explain",
    "is_ping_pong",
    "objection",
    "route",
]
