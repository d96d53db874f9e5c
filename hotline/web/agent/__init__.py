"""话务受理: register what a caller says, answer it at once, or pass it on."""

from hotline.lifecycle import Action, Role
from hotline.web import shell
from hotline.web.agent import closing, desk, registering
from hotline.web.agent.blueprint import pages

__all__ = ["closing", "desk", "pages", "registering"]

shell.NAV.insert(1, shell.Entry("agent.today", "我的登记", frozenset({Role.AGENT})))
shell.ACTION_PAGES.update({Action.ANSWER: "agent.answer", Action.TRANSFER: "agent.transfer"})
