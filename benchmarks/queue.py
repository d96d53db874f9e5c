"""What does the department's queue cost at 1,000 and at 100,000 tickets? python -m benchmarks.queue

The whole request in process: session, queries, template; every page shows fifty rows. First the
city grows while the department keeps its pile; then, the hard case, one department leads them all.
"""

from benchmarks._town import DEPARTMENT, application, fill, load_average, seconds_of, signed_in, town
from tests.builders import HANDLER

SMALL, LARGE = 1_000, 100_000
# A pile of its own of which some sixty tickets are open: more than one page.
PILE = 600


def main() -> None:
    print(load_average())
    for title, department in (("the city grows", None), ("one department leads all", DEPARTMENT)):
        small, large = measure(SMALL, department), measure(LARGE, department)
        print(f"{title}: {small * 1000:.1f} ms at {SMALL:,}, {large * 1000:.1f} ms at {LARGE:,}", end="")
        print(f" tickets, ratio {large / small:.2f}")


def measure(count: int, department: str | None) -> float:
    """Return the median seconds of one queue page."""
    with town() as settings:
        fill(PILE, department=DEPARTMENT)
        fill(count - PILE, department=department)
        client = signed_in(application(settings), HANDLER)

        def page() -> None:
            answer = client.get("/department")
            assert answer.status_code == 200, answer.status

        return seconds_of(page)


if __name__ == "__main__":
    main()
