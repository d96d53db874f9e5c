"""Whose is it? From a category, a place and a text to the department that answers for it.

Pure: tables come as rows already read, and every fault in them carries the line.
"""

from routing.areas import Area, Level
from routing.catalogue import Catalogue, Entry
from routing.contracts import BrokenContract, Contract, broken_contracts
from routing.decision import Candidate, Case, Decision, Reason, ReasonCode, route
from routing.departments import Department, DepartmentKind, Departments
from routing.errors import BrokenTable, UnknownCode
from routing.gazetteer import Gazetteer, Match, MatchReason, PlaceKind
from routing.returns import ReturnReason, ReturnRules

__all__ = [
    "Area",
    "BrokenContract",
    "BrokenTable",
    "Candidate",
    "Case",
    "Catalogue",
    "Contract",
    "Decision",
    "Department",
    "DepartmentKind",
    "Departments",
    "Entry",
    "Gazetteer",
    "Level",
    "Match",
    "MatchReason",
    "PlaceKind",
    "Reason",
    "ReasonCode",
    "ReturnReason",
    "ReturnRules",
    "UnknownCode",
    "broken_contracts",
    "route",
]
