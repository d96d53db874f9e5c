"""The supervisor's desk (督办): the board, the rates, what is ordered and what is ruled."""

from hotline.lifecycle import Action, Role
from hotline.web import shell
from hotline.web.supervisor import (
    board,
    demands,
    disputes,
    joint,
    judging,
    ordered,
    orders,
    quality,
    rates,
    rulings,
    time,
    trials,
)
from hotline.web.supervisor.blueprint import pages

__all__ = [
    "board",
    "demands",
    "disputes",
    "joint",
    "judging",
    "ordered",
    "orders",
    "pages",
    "quality",
    "rates",
    "rulings",
    "time",
    "trials",
]

shell.NAV.append(shell.Entry("supervisor.ordered", "督办单", frozenset({Role.SUPERVISOR})))
shell.NAV.append(shell.Entry("supervisor.scorecard", "三率", frozenset({Role.SUPERVISOR})))
shell.ACTION_PAGES.update(
    {
        Action.SUPERVISE: "supervisor.supervise",
        Action.ACCEPT_REPLY: "supervisor.accept_reply",
        Action.REFUSE_REPLY: "supervisor.refuse_reply",
        Action.CANCEL_ORDER: "supervisor.cancel_order",
        Action.ESCALATE: "supervisor.escalate",
        Action.OPEN_DISPUTE: "supervisor.open_dispute",
        Action.NAME_PROVISIONAL: "supervisor.name_provisional",
        Action.CONVENE: "supervisor.convene",
        Action.WRITE_MINUTES: "supervisor.write_minutes",
        Action.DESIGNATE: "supervisor.designate",
        Action.DEFER: "supervisor.defer",
        Action.WRITE_OFF: "supervisor.write_off",
        Action.REOPEN: "supervisor.reopen",
    }
)
