"""What may stand in an address where a number is asked for; anything else is no page of ours (404)."""

from werkzeug.routing import BaseConverter, IntegerConverter, Map

# The largest id that either database can hold.
LARGEST_ID = 2**63 - 1


class Readable(BaseConverter):
    """A ticket's number, a token: without control characters, of which PostgreSQL refuses one."""

    regex = r"[^/\x00-\x1f\x7f]+"
    part_isolating = True


class RowId(IntegerConverter):
    def __init__(self, map: Map) -> None:
        super().__init__(map, max=LARGEST_ID)


CONVERTERS = {"default": Readable, "int": RowId}
