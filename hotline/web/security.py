"""What protects every answer: the forgery token, the content policy, the throttles, the session's end."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from hotline.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'self'",
        # Tabler draws ticks and arrows with data: images.
        "img-src 'self' data:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
A_YEAR = 365 * 24 * 3600
# What a page asks by itself, every few seconds, says so (static/js: htmx-setup.js, board.js).
POLL = "X-Poll"

csrf = CSRFProtect()
# When Redis is away each process counts for itself, and says so in the log: nobody is locked out by it.
limiter = Limiter(get_remote_address, in_memory_fallback_enabled=True, headers_enabled=True)


class Sessions(SecureCookieSessionInterface):
    """A session lasts from what a person did last: a poll, or a file that a page brings, is nobody's act."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        by_itself = request.endpoint == "static" or POLL in request.headers
        return session.modified or (not by_itself and super().should_set_cookie(app, session))


def failed(response: Response) -> bool:
    """For throttles: only what failed counts, for behind one address may be a whole hall, or a network."""
    return response.status_code != 303


def protect(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="hotline",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https_only,
        # A form may stay open as long as the session: a call can last longer than an hour.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.https_only,
        RATELIMIT_STORAGE_URI=storage_of(settings.redis_url),
        RATELIMIT_STORAGE_OPTIONS=(
            {"socket_connect_timeout": 1, "socket_timeout": 1} if settings.redis_url else {}
        ),
    )
    app.session_interface = Sessions()
    csrf.init_app(app)
    limiter.init_app(app)
    app.after_request(_add_headers)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def storage_of(redis_url: str) -> str:
    """Return where the throttles count: Redis when there is one, else this process's memory."""
    return f"redis+{redis_url}" if redis_url.startswith("unix://") else redis_url or "memory://"


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}; includeSubDomains")
    if request.endpoint == "static":
        if "v" in request.args:
            response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    else:
        # Pages name people and what befell them; a shared machine keeps none of it.
        response.headers.setdefault("Cache-Control", "no-store")
    return response
