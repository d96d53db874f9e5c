"""A worker: one process that keeps promises as RQ hands them over."""

from collections.abc import Sequence

from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from hotline.jobs.queues import Queue
from hotline.logs import log

# Seconds. With RQ's own 420 and 600, a job cut off with its worker would rest for a quarter of an hour.
WORKER_TTL = 45
MAINTENANCE_INTERVAL = 20


def run(redis: Redis, queues: Sequence[Queue] = tuple(Queue), *, burst: bool = False) -> None:
    """Work until told to stop, or with `burst` until the queues are empty. `runtime.start` comes first.

    No fork per job: the process loads city and tables once. Whoever runs it restarts it when it dies.
    """
    worker = SimpleWorker(
        list(queues),
        connection=redis,
        serializer=JSONSerializer,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE_INTERVAL,
        log_job_description=False,
    )
    log.info("worker_started", worker=worker.name, queues=[*queues])
    worker.work(burst=burst, logging_level="WARNING")
