"""The department's desk (承办单位): its pile, what it does to a ticket, what it asks for."""

from hotline.lifecycle import Action
from hotline.web import shell
from hotline.web.access import DEPARTMENT_ROLES
from hotline.web.department import handing, handling, joint, opinions, orders, queue, requests, returns, time
from hotline.web.department.blueprint import pages

__all__ = [
    "handing",
    "handling",
    "joint",
    "opinions",
    "orders",
    "pages",
    "queue",
    "requests",
    "returns",
    "time",
]

shell.NAV.append(shell.Entry("department.time", "责任时间", DEPARTMENT_ROLES))
shell.ACTION_PAGES.update(
    {
        Action.ACCEPT: "department.accept",
        Action.CONTACT: "department.contact",
        Action.HAND_DOWN: "department.hand_down",
        Action.GIVE_BACK: "department.give_back",
        Action.REPORT_UP: "department.report_up",
        Action.ASSIST: "department.assist",
        Action.DECLINE_PART: "department.decline",
        Action.ADD_ASSISTING: "department.add_assisting",
        Action.RELEASE: "department.release",
        Action.WHISTLE: "department.whistle",
        Action.ARRIVE: "department.arrive",
        Action.CONFIRM_ARRIVAL: "department.confirm_arrival",
        Action.RESOLVE: "department.resolve",
        Action.REPLY_ORDER: "department.reply_order",
        Action.GIVE_OPINION: "department.give_opinion",
        Action.REQUEST_RETURN: "department.request_return",
        Action.DRAFT_RETURN: "department.draft_return",
        Action.DROP_DRAFT: "department.drop_draft",
        Action.REQUEST_EXTENSION: "department.request_extension",
        Action.REQUEST_SUSPENSION: "department.request_suspension",
        Action.REQUEST_EXCLUSION: "department.request_exclusion",
    }
)
