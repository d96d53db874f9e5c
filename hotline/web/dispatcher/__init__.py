"""派单台: give each ticket to whom it belongs, and decide when a department says “not mine”."""

from hotline.lifecycle import Action
from hotline.web import shell
from hotline.web.dispatcher import bench, claiming, desk, live, repeats, returns, splitting, together, undo
from hotline.web.dispatcher.blueprint import pages

__all__ = [
    "bench",
    "claiming",
    "desk",
    "live",
    "pages",
    "repeats",
    "returns",
    "splitting",
    "together",
    "undo",
]

shell.ACTION_PAGES.update(
    {
        Action.DISPATCH: "dispatcher.case",
        Action.RECALL: "dispatcher.recall",
        Action.GRANT_RETURN: "dispatcher.returned",
        Action.REFUSE_RETURN: "dispatcher.returned",
        Action.MERGE: "dispatcher.merge",
        Action.UNMERGE: "dispatcher.unmerge",
        Action.SPLIT: "dispatcher.split",
    }
)
