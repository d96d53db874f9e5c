"""RQ as the transport of the outbox: ids only, in JSON, and nothing that must not be lost."""

from datetime import timedelta

from redis import Redis, RedisError
from rq import Queue as RqQueue
from rq import Worker
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer

from hotline.jobs.outbox import deliver
from hotline.jobs.queues import LONGEST_RUN, Queue

FAILURES_KEPT = timedelta(days=7)
_WAITING = frozenset({JobStatus.QUEUED, JobStatus.CREATED})


def connect(url: str) -> Redis:
    """Return a client that gives up on a silent server within seconds. Opens no connection yet."""
    return Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5)


def has_worker(url: str) -> bool:
    """Tell whether some worker watches this Redis; False also where none answers."""
    with connect(url) as redis:
        try:
            return Worker.count(connection=redis) > 0
        except RedisError:
            return False


class Rq:
    """Offers messages to the workers that watch this Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def offer(self, message_id: int, queue: Queue) -> None:
        """Enqueue `deliver(message_id)`, unless it waits in the queue already."""
        try:
            self._enqueue(message_id, queue)
        except DuplicateJobError:
            if self._forget_unless_waiting(f"outbox-{message_id}"):
                self._enqueue(message_id, queue)

    def _enqueue(self, message_id: int, queue: Queue) -> None:
        RqQueue(queue, connection=self._redis, serializer=JSONSerializer).enqueue(
            deliver,
            message_id,
            job_id=f"outbox-{message_id}",
            unique=True,
            job_timeout=int(LONGEST_RUN[queue].total_seconds()),
            result_ttl=0,
            failure_ttl=int(FAILURES_KEPT.total_seconds()),
        )

    def _forget_unless_waiting(self, job_id: str) -> bool:
        """Drop what an earlier offer left behind: failed, or cut off with its worker.

        None can still be running: RQ stops a job before the lease of its message runs out.
        """
        try:
            job = Job.fetch(job_id, connection=self._redis, serializer=JSONSerializer)
            if job.get_status() in _WAITING:
                return False
            job.delete()
        except NoSuchJobError:
            pass
        return True
