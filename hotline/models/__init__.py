"""All tables, imported so that the metadata is whole; callers import from the one file they need."""

from hotline.models import (  # noqa: F401
    application,
    assignment,
    calendar,
    caller,
    deadline,
    department,
    dictionary,
    draft,
    event,
    follow_up,
    judgement,
    lane,
    lease,
    lesson,
    mark,
    notice,
    outbox,
    ticket,
    user,
    version,
)
