from flask import Blueprint

from hotline.lifecycle import Role
from hotline.web import shell

pages = Blueprint("models", __name__, url_prefix="/models")

shell.NAV.append(shell.Entry("models.show", "模型", frozenset({Role.ADMIN})))
