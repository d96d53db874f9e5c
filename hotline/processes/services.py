"""Which processes make the product, and how each is known to be up."""

import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from hotline.jobs.queues import Queue
from hotline.processes.supervisor import Service
from hotline.processes.valkey import redis_url, valkey_binary, valkey_command, valkey_folder
from hotline.settings import ROOT, Settings

THREADS = 8
# Seconds that a request gets to finish when the server is told to stop.
GRACE = 8


def all_services(settings: Settings, *, logs: Path | None = None) -> list[Service]:
    """Return what to run. `logs`: a folder for one file each; None: all write to the supervisor's output.

    Without a configured Redis and without a server to start, promises are kept by the ticker itself.
    """

    def log(name: str) -> Path | None:
        return logs / f"{name}.log" if logs else None

    services = []
    binary = None if settings.redis_url else valkey_binary()
    queued = bool(settings.redis_url or binary)
    environment = {"PYTHONPATH": str(ROOT), **({"HOTLINE_REDIS_URL": redis_url(settings)} if queued else {})}
    if binary:
        command = valkey_command(binary, valkey_folder(settings))
        services.append(Service("valkey", command, log=log("valkey"), is_ready=lambda: _answers(settings)))
    services.append(_hotline("web", ("web",), environment, log("web"), settings))
    if queued:
        quick = [queue for queue in Queue if queue is not Queue.REPORTS]
        services.append(_hotline("worker", ("worker", "--queues", *quick), environment, log("worker")))
        # A training lasts minutes, and no caller's message must wait for it.
        slow = ("worker", "--queues", Queue.REPORTS)
        services.append(_hotline("reports", slow, environment, log("reports")))
    ticker = ("ticker",) if queued else ("ticker", "--inline")
    services.append(_hotline("ticker", ticker, environment, log("ticker")))
    return services


def _hotline(
    name: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    log: Path | None,
    web: Settings | None = None,
) -> Service:
    command = (sys.executable, "-m", "hotline", *arguments)
    return Service(name, command, environment, log, is_ready=(lambda: _serves(web)) if web else None)


def web_command(settings: Settings) -> list[str]:
    """Return how to run the pages: loaded once, then forked, so that the workers share the model's memory."""
    return [
        *(sys.executable, "-m", "gunicorn", "wsgi:app"),
        *("--chdir", str(ROOT)),
        *("--bind", f"{settings.bind}:{settings.port}"),
        *("--workers", str(settings.web_workers)),
        *("--worker-class", "gthread"),
        *("--threads", str(THREADS)),
        *("--graceful-timeout", str(GRACE)),
        *("--log-level", "warning"),
        *("--preload", "--no-control-socket"),
    ]


def is_free(bind: str, port: int) -> bool:
    """Tell whether the pages can listen there."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError:
            return False
    return True


def local_address(settings: Settings) -> str:
    """Return where this machine reaches the pages, also when they listen on every address."""
    host = "127.0.0.1" if settings.bind in {"0.0.0.0", "::", ""} else settings.bind  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _answers(settings: Settings) -> bool:
    try:
        with Redis.from_url(redis_url(settings), socket_connect_timeout=1) as redis:
            return bool(redis.ping())
    except RedisError:
        return False


def _serves(settings: Settings) -> bool:
    # Not through a proxy of the environment: it is this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{local_address(settings)}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
