"""The WSGI application: settings in, pages out."""

from datetime import timedelta

from flask import Flask, g, redirect, url_for
from flask.typing import ResponseReturnValue

from hotline import runtime
from hotline.api import health
from hotline.settings import Settings
from hotline.web import (
    access,
    addresses,
    admin,
    agent,
    arithmetic,
    automation,
    calendar,
    catalogue,
    citizen,
    department,
    digest,
    dispatcher,
    errors,
    filters,
    followup,
    inbox,
    login,
    models,
    orders,
    remarks,
    review,
    security,
    shell,
    supervisor,
    tickets,
)

# In the order of a ticket's life.
DESKS = (
    agent,
    dispatcher,
    department,
    review,
    followup,
    supervisor,
    tickets,
    arithmetic,
    remarks,
    inbox,
    orders,
    digest,
    catalogue,
    calendar,
    automation,
    models,
    admin,
    citizen,
    login,
)
BODY_LIMIT = 2 * 1024 * 1024
SIGNED_IN_FOR = timedelta(hours=12)


def create_app(settings: Settings, *, start_runtime: bool = True) -> Flask:
    """Return the application. `start_runtime` False: the caller has started the runtime itself."""
    if start_runtime:
        runtime.start(settings)
    app = Flask("hotline.web")
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        # The longest text of a form, 100,000 characters, is 900,000 bytes once encoded.
        MAX_FORM_MEMORY_SIZE=BODY_LIMIT,
        PERMANENT_SESSION_LIFETIME=SIGNED_IN_FOR,
    )
    app.url_map.converters.update(addresses.CONVERTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    security.protect(app, settings)
    errors.register(app)
    filters.register(app)
    shell.register(app)
    for desk in DESKS:
        app.register_blueprint(desk.pages)
    app.register_blueprint(health.pages)
    for endpoint in ("health.alive", "health.ready"):
        access.open_to_all(app.view_functions[endpoint])
    app.add_url_rule("/", "home", _home)
    access.guard(app)
    return app


@access.open_to()
def _home() -> ResponseReturnValue:
    """Lead each person to the first desk of his roles."""
    return redirect(url_for(shell.home_of(g.viewer.roles)), 303)
