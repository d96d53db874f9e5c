from flask import Blueprint

from hotline.lifecycle import Role
from hotline.web import shell
from hotline.web.access import DEPARTMENT_ROLES

pages = Blueprint("catalogue", __name__, url_prefix="/catalogue")

# Who drafts; departments read, to cite an entry when they return a ticket.
DRAFTERS = (Role.DISPATCHER, Role.SUPERVISOR, Role.ADMIN)
READERS = (*DRAFTERS, *DEPARTMENT_ROLES)
PUBLISHERS = (Role.SUPERVISOR, Role.ADMIN)

shell.NAV.append(shell.Entry("catalogue.show", "派单目录", frozenset(READERS)))
