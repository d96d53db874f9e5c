"""Log events as JSON lines: names and facts, never personal data."""

import logging
import sys

import structlog

log: structlog.stdlib.BoundLogger = structlog.get_logger("hotline")


def configure(level: str = "INFO") -> None:
    """Write one JSON object a line to stderr, from our own events and the libraries' alike."""
    logging.basicConfig(stream=sys.stderr, level=level, format="%(message)s", force=True)
    _shape(level)


def _shape(level: str) -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )


# structlog's own default prints the local variables of a traceback, and with them telephone numbers.
_shape("INFO")
