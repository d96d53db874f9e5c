"""The intake form, as it is typed."""

from enum import StrEnum

from hotline.models.ticket import Channel, Kind, Urgency
from hotline.web import forms


class Go(StrEnum):
    """What the agent pressed."""

    LOG = "log"
    ANSWER = "answer"
    TRANSFER = "transfer"


class CallForm(forms.Form):
    """The intake form. Empty `kind`, `category` or `area`: what the text itself says."""

    content: forms.Content
    address: forms.Line = ""
    subject: forms.Line = ""
    occurred: forms.Line = ""
    wish: forms.Line = ""
    category: forms.Line = ""
    area: forms.Line = ""
    kind: Kind | None = None
    urgency: Urgency = Urgency.NORMAL
    channel: Channel = Channel.PHONE
    phone: forms.Line = ""
    name: forms.Line = ""
    anonymous: bool = False
    confidential: bool = False
    enterprise: bool = False
    go: Go = Go.LOG
    answer: forms.Passage = ""
    source: forms.Line = ""
    target: forms.Line = ""
    mode: forms.Line = ""
    note: forms.Passage = ""
    consent: bool = False
    # Names of the fields that the page filled in and nobody has confirmed yet, parted by spaces.
    offered: forms.Line = ""
    # One press on an emergency line: registers and transfers there.
    transfer_to: forms.Line = ""
    # Where each part begins, as the page proposed them: registers a ticket for each.
    split: forms.Line = ""


# What a draft keeps of it.
KEPT = frozenset(CallForm.model_fields) - {"version", "request_key", "go", "transfer_to", "split"}
