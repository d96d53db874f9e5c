"""The processes behind the pages: worker and ticker."""

import signal
import threading
from argparse import ArgumentParser, Namespace

from redis.exceptions import RedisError

from hotline.commands.arguments import Command
from hotline.commands.database import start
from hotline.commands.refusals import Refused
from hotline.jobs import worker
from hotline.jobs.inline import Inline
from hotline.jobs.outbox import Transport
from hotline.jobs.queues import Queue
from hotline.jobs.ticker import Ticker
from hotline.jobs.transport import Rq, connect
from hotline.processes.valkey import redis_url
from hotline.settings import Settings


def _configure_worker(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--queues", nargs="+", choices=list(Queue), default=list(Queue), help="只看这些队列；默认全部"
    )
    parser.add_argument("--burst", action="store_true", help="队列空了就结束")


def _work(options: Namespace, settings: Settings) -> int:
    redis = connect(redis_url(settings))
    try:
        redis.ping()
    except RedisError as error:
        raise Refused("连不上 Redis。请先运行 ./run demo 或设置 HOTLINE_REDIS_URL") from error
    queues = [Queue(name) for name in options.queues]
    # Only what is on the slow queue asks the model: training, and the evidence of the auto lane.
    start(settings, with_model=Queue.REPORTS in queues)
    worker.run(redis, queues, burst=options.burst)
    return 0


def _configure_ticker(parser: ArgumentParser) -> None:
    parser.add_argument("--inline", action="store_true", help="不用 Redis，任务由本进程完成")


def _tick(options: Namespace, settings: Settings) -> int:
    start(settings, with_model=options.inline)
    transport: Transport = Inline() if options.inline else Rq(connect(redis_url(settings)))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    Ticker(transport).run(stop)
    return 0


COMMANDS = {
    "worker": Command(_work, _configure_worker),
    "ticker": Command(_tick, _configure_ticker),
}
