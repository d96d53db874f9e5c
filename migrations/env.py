"""Run by Alembic for every migration, on the connection that `hotline.commands.migrating` opened."""

from typing import Any

from alembic import context
from alembic.autogenerate.api import AutogenContext

import hotline.models  # noqa: F401 - so that the metadata is whole
from hotline.db import Base, UtcDateTime


def as_stored(kind: str, item: Any, _context: AutogenContext) -> str | bool:
    """Write columns by their stored type: a migration must not change when our types do."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=context.config.attributes.get("rebuild", False),
    render_item=as_stored,
    transactional_ddl=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
