"""The review desk (审核台): results before the caller is asked, and what departments ask for."""

from hotline.lifecycle import Action
from hotline.web import shell
from hotline.web.review import desk, requests, results, resuming
from hotline.web.review.blueprint import pages

__all__ = ["desk", "pages", "requests", "results", "resuming"]

shell.ACTION_PAGES.update(
    {
        Action.ACCEPT_RESULT: "review.result",
        Action.SEND_BACK_RESULT: "review.result",
        Action.GRANT_EXTENSION: "review.extension",
        Action.REFUSE_EXTENSION: "review.extension",
        Action.GRANT_SUSPENSION: "review.suspension",
        Action.REFUSE_SUSPENSION: "review.suspension",
        Action.GRANT_EXCLUSION: "review.exclusion",
        Action.REFUSE_EXCLUSION: "review.exclusion",
        Action.RESUME: "review.resume",
    }
)
