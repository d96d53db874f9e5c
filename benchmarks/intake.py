"""How many tickets a second can be registered? python -m benchmarks.intake

Each is a form post in process: session, CSRF, validation, triage, routing, ledger, clocks, outbox,
commit with synchronous=FULL. The baseline inserts the same rows with bare SQLAlchemy, a commit a ticket.
"""

import re
import time
from collections.abc import Callable, Sequence
from uuid import uuid4

from sqlalchemy import Table, insert, select

from benchmarks._town import application, load_average, signed_in, town
from benchmarks.classifier import HERE
from classifier.corpus import read_rows
from hotline import db
from hotline.settings import Settings
from tests.builders import AGENT

TICKETS = 200
# What registering one ticket writes, parents first.
WRITTEN = ("callers", "tickets", "assignments", "deadlines", "ticket_events", "outbox_messages")
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def main() -> None:
    print(load_average())
    texts = [row["text"] for _, row in read_rows(HERE / "triage_check.csv", ("code", "text"))][:TICKETS]
    with town(with_model=True) as settings:
        ours = register(texts, settings)
        batches = rows_by_ticket()
    with town():
        bare = seconds(lambda: insert_bare(batches))
    rate, baseline = len(texts) / ours, len(batches) / bare
    print(f"form post {rate:.0f} tickets/s, bare inserts of the same rows {baseline:.0f}/s", end="")
    print(f", ratio {bare / ours:.3f} ({ours / bare:.1f} × the time)")


def register(texts: Sequence[str], settings: Settings) -> float:
    """Post each text as a call and return the seconds it took."""
    client = signed_in(application(settings), AGENT)
    found = _TOKEN.search(client.get("/agent?new=1").text)
    assert found is not None, "the intake form carries no token"

    def post_all() -> None:
        for text in texts:
            answer = client.post(
                "/agent/log",
                data={
                    "csrf_token": found[1],
                    "request_key": uuid4().hex,
                    "content": text,
                    "address": "海澜区",
                    "kind": "complaint",
                    "phone": "13800000000",
                },
            )
            assert answer.status_code == 303, answer.status

    return seconds(post_all)


def rows_by_ticket() -> list[list[tuple[Table, list[dict[str, object]]]]]:
    """Return what each ticket wrote, table by table."""
    tables = [db.Base.metadata.tables[name] for name in WRITTEN]
    with db.snapshot() as session:
        found = {table.name: session.execute(select(table)).mappings().all() for table in tables}
    batches = []
    callers = {row["id"]: dict(row) for row in found["callers"]}
    for ticket in found["tickets"]:
        own = {"tickets": [dict(ticket)], "callers": []}
        if caller := callers.pop(ticket["caller_id"], None):
            own["callers"] = [caller]
        for name in ("assignments", "deadlines", "ticket_events"):
            own[name] = [dict(row) for row in found[name] if row["ticket_id"] == ticket["id"]]
        own["outbox_messages"] = [
            dict(row) for row in found["outbox_messages"] if row["payload"]["ticket"] == ticket["id"]
        ]
        batches.append([(table, own[table.name]) for table in tables if own[table.name]])
    return batches


def insert_bare(batches: list[list[tuple[Table, list[dict[str, object]]]]]) -> None:
    for batch in batches:
        with db.transaction() as session:
            for table, rows in batch:
                session.execute(insert(table), rows)


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
