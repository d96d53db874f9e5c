"""The models (模型): which is in force, how a new one does, and what it learns of."""

from hotline.web.models import dictionary, drift, versions
from hotline.web.models.blueprint import pages

__all__ = ["dictionary", "drift", "pages", "versions"]
