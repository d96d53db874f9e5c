"""The follow-up desk (回访台): ask the caller three questions, judge bad answers, close or send back."""

from hotline.lifecycle import Action
from hotline.web import shell
from hotline.web.followup import answering, desk, judging, person
from hotline.web.followup.blueprint import pages

__all__ = ["answering", "desk", "judging", "pages", "person"]

shell.ACTION_PAGES.update(
    {
        Action.ATTEMPT: "followup.person",
        Action.CLOSE: "followup.person",
        Action.SEND_BACK: "followup.person",
    }
)
