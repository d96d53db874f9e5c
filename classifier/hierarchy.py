"""How probable each category of the first level is."""

from collections import defaultdict
from collections.abc import Iterable

from classifier.model import Scored
from classifier.taxonomy import Taxonomy


def roll_up(scored: Iterable[Scored], taxonomy: Taxonomy) -> tuple[Scored, ...]:
    """The first level, likeliest first: each category as probable as all below it that were scored.

    Give it all that a model says (`predict(…, top=len(labels))`): what is left out counts for no parent. A
    category that left the taxonomy since the model was taught is passed over.
    """
    sums: dict[str, float] = defaultdict(float)
    for one in scored:
        if one.code in taxonomy:
            sums[taxonomy.lineage(one.code)[0].code] += one.probability
    return tuple(Scored(code, sums[code]) for code in sorted(sums, key=lambda code: (-sums[code], code)))
