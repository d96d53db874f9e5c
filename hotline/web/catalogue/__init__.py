"""派单目录: what is in force, what is being changed and what that would do, every version that was."""

from hotline.web.catalogue import changing, drafts, files, listing, versions
from hotline.web.catalogue.blueprint import pages

__all__ = ["changing", "drafts", "files", "listing", "pages", "versions"]
