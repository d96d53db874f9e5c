"""What do the pages of the catalogue cost at 200 and at 5,000 entries? python -m benchmarks.catalogue

The whole request in process: session, search, template. The large catalogue has twenty times the examples
too. Beside them, what proves a catalogue: reading it, and the replay of the newest tickets.
"""

import time
from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice

from benchmarks._town import application, fill, load_average, seconds_of, signed_in, town
from hotline import runtime
from hotline.cities.catalogues import Line
from hotline.cities.city import City
from hotline.tickets.catalogues import drafting, preview, versions
from hotline.tickets.catalogues.drafting import Why
from hotline.web.catalogue.book import key_of
from tests.builders import SUPERVISOR

LARGE, TIMES = 5_000, 20
REPLAYED = 2_000
WHY = Why("测速")


def main() -> None:
    print(load_average())
    small, large = measure(large=False), measure(large=True)
    for page, seconds in large.items():
        print(f"{page}: {seconds * 1000:.0f} ms, {small[page] * 1000:.0f} ms as delivered", end="")
        print(f", ratio {seconds / small[page]:.1f}")


def measure(*, large: bool) -> dict[str, float]:
    """Return the median seconds of each page and step."""
    with town() as settings:
        fill(REPLAYED)
        with runtime.work(SUPERVISOR) as work:
            versions.deliver(work)
        if large:
            _grow()
        client = signed_in(application(settings), SUPERVISOR)
        with runtime.work(SUPERVISOR) as work:
            first = work.city.catalogue_text.lines[0]
            drafting.put(work, {**first, "note": "测速"}, WHY, replaces=first)
        key = key_of(first)
        pages = {
            "list": "/catalogue",
            "search": "/catalogue?q=城管局 条例",
            "entry": f"/catalogue/entries/{key}",
            "form": f"/catalogue/draft/entries/{key}",
            "draft": "/catalogue/draft",
            "examples": "/catalogue/draft/examples",
            "xlsx": "/catalogue/export",
        }
        started = time.perf_counter()
        assert client.get("/catalogue").status_code == 200
        found = {"list, the first time": time.perf_counter() - started}
        for name, address in pages.items():
            found[name] = seconds_of(partial(client.get, address, buffered=True), rounds=5)
        with runtime.view(SUPERVISOR) as work:
            text = versions.text_of(versions.required_draft(work))
            found["reading"] = seconds_of(lambda: work.city.with_catalogue(text), rounds=3)
            replay = seconds_of(lambda: preview.preview(work, text, newest=REPLAYED), rounds=3)
            found[f"preview of {REPLAYED:,} tickets"] = replay
    return found


def _grow() -> None:
    with runtime.work(SUPERVISOR) as work:
        drafting.take(work, WHY, entries=list(_entries(work.city)), examples=list(_examples(work.city)))
        assert not versions.publish(work, because="测速").broken


def _entries(city: City) -> Iterator[Line]:
    lines = city.catalogue_text.lines
    yield from lines
    for number, line in enumerate(islice(cycle(lines), LARGE - len(lines))):
        yield {**line, "keyword": f"专词{number}号", "note": f"第 {number} 条"}


def _examples(city: City) -> Iterator[Line]:
    lines = city.catalogue_text.example_lines
    yield from ({**line, "text": f"{line['text']}，编号 {copy}"} for copy in range(TIMES) for line in lines)


if __name__ == "__main__":
    main()
