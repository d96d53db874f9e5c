"""By when? Working calendars, clocks that pause, targets and alerts of a city. Pure: plain values in and out.

Each part reads its own table of the city profile: `calendars.parse`, `policy.parse`, `ladders.parse`; a
single allowance is read by `allowance.parse`.
"""

from sla.alerts import Ladder, Level, alert_times, next_alert, rung_times
from sla.allowance import Allowance, Unit
from sla.calendar import (
    DayKind,
    WorkCalendar,
    add_working_time,
    close_of_nth_workday,
    working_time_between,
)
from sla.calendars import Calendars, OfficialDay
from sla.case import CHANNELS, KINDS, URGENCIES, Case
from sla.clock import Clock, Pause
from sla.errors import BrokenCalendar, BrokenLadder, BrokenPolicy, BrokenProfile, CalendarExhausted
from sla.hours import Hours
from sla.passport import Day, Passport, Reason, Row, State
from sla.policy import ClockRules, Policy, ResolveStart, Stage, Target
from sla.rungs import By, Conditions, Facts, Measure, Rung, Tell, Telling, Want

__all__ = [
    "CHANNELS",
    "KINDS",
    "URGENCIES",
    "Allowance",
    "BrokenCalendar",
    "BrokenLadder",
    "BrokenPolicy",
    "BrokenProfile",
    "By",
    "CalendarExhausted",
    "Calendars",
    "Case",
    "Clock",
    "ClockRules",
    "Conditions",
    "Day",
    "DayKind",
    "Facts",
    "Hours",
    "Ladder",
    "Level",
    "Measure",
    "OfficialDay",
    "Passport",
    "Pause",
    "Policy",
    "Reason",
    "ResolveStart",
    "Row",
    "Rung",
    "Stage",
    "State",
    "Target",
    "Tell",
    "Telling",
    "Unit",
    "Want",
    "WorkCalendar",
    "add_working_time",
    "alert_times",
    "close_of_nth_workday",
    "next_alert",
    "rung_times",
    "working_time_between",
]
