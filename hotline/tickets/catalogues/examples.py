"""The catalogue's examples, asked of a model: does what each says still go where it should?"""

from dataclasses import dataclass, replace

import classifier
from hotline.tickets import triage
from hotline.work import Work
from routing import Contract


@dataclass(frozen=True)
class Astray:
    """An example that went right and would not any more. `went` None: the desk would be asked."""

    contract: Contract
    went: str | None


def led_astray(work: Work, candidate: classifier.Model) -> tuple[Astray, ...]:
    """The examples that the model in force sends where they should go and `candidate` does not.

    What the model in force gets wrong too says nothing against another. Milliseconds an example, no query.
    """
    current = work.city.classifier
    if current is None:
        return ()
    bound = [one for one in work.city.contracts if one.lead]
    judged = ((one, _lead(work, candidate, one)) for one in bound if _lead(work, current, one) == one.lead)
    return tuple(Astray(one, went) for one, went in judged if went != one.lead)


def _lead(work: Work, model: classifier.Model, contract: Contract) -> str | None:
    trying = replace(work, city=replace(work.city, classifier=model))
    view = triage.suggest(trying, contract.text, contract.address)
    return view.decision.lead if view.decision else None
