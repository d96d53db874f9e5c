"""What is promised is kept by somebody: every kind has a task, every queue a worker."""

import inspect

from hotline.jobs import worker
from hotline.jobs.outbox import LEASE, lease_after
from hotline.jobs.queues import LONGEST_RUN, Queue
from hotline.jobs.tasks import TASKS
from hotline.notify import texts
from hotline.tickets import promises

KINDS = {
    promises.TELL_CALLER,
    promises.TELL_DEPARTMENT,
    promises.TELL_DESK,
    promises.SEND_LINK,
    promises.SEND_PACKAGE,
    promises.TEACH,
    promises.FOLLOW_CALENDAR,
}


def test_every_kind_of_promise_has_a_task() -> None:
    assert TASKS.keys() >= KINDS


def test_every_queue_is_watched_by_a_worker() -> None:
    watched = inspect.signature(worker.run).parameters["queues"].default

    assert {task.queue for task in TASKS.values()} <= set(watched)
    assert set(watched) == set(Queue)


def test_a_job_is_stopped_before_its_message_is_offered_again() -> None:
    for queue in Queue:
        assert LONGEST_RUN[queue] < lease_after(0, queue)
        assert lease_after(0, queue) >= LEASE


def test_whatever_the_caller_hears_of_has_its_words() -> None:
    assert promises.CALLER_HEARS == texts.TOLD
