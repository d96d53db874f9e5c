"""The supervisor's desk (督办): the board, the rates, what is ordered and what is ruled."""

from hotline.lifecycle import Action, Role
from hotline.web import shell
from hotline.web.supervisor import board, disputes, joint, judging, orders, quality, rates, rulings, trials
from hotline.web.supervisor.blueprint import pages

__all__ = [
    "board",
    "disputes",
    "joint",
    "judging",
    "orders",
    "pages",
    "quality",
    "rates",
    "rulings",
    "trials",
]

shell.NAV.append(shell.Entry("supervisor.scorecard", "三率", frozenset({Role.SUPERVISOR})))
shell.ACTION_PAGES.update(
    {
        Action.SUPERVISE: "supervisor.supervise",
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
