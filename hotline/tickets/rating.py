"""The caller answers by himself (自助评价): where he tracks his ticket, or by the link that he was sent."""

from datetime import timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select

from hotline.errors import AlreadyRated, NotFound
from hotline.lifecycle import Status
from hotline.models.follow_up import FollowUp, Via
from hotline.models.ticket import Closing, Ticket
from hotline.tickets import followup
from hotline.tickets.followup import Answers
from hotline.work import CITIZEN, Work


def may_rate(work: Work, ticket: Ticket) -> bool:
    """The caller rates once a round, while the ticket waits for it."""
    return ticket.status is Status.AWAITING_FOLLOW_UP and followup.last_answer(work, ticket) is None


def is_rated(work: Work, ticket: Ticket) -> bool:
    """Tell whether an answer stands on the ticket that somebody has yet to judge."""
    return ticket.status is Status.AWAITING_FOLLOW_UP and followup.last_answer(work, ticket) is not None


def rate(work: Work, ticket: Ticket, answers: Answers, *, via: Via, round_: int | None = None) -> FollowUp:
    """File what he says. Good answers close; bad ones leave it to the follow-up desk.

    `round_`: the one that he was asked about; None for that of now. The same `request_key` again
    changes nothing. Raises AlreadyRated, NotFound, InvalidInput.
    """
    if (standing := followup.standing_of(work, answers.request_key)) is not None:
        return standing
    citizen = work.by(CITIZEN)
    _require_open(work, ticket, round_ or ticket.round)
    followup.require_whole(citizen, answers)
    follow_up = followup.file_answers(citizen, ticket, answers, via)
    if followup.is_good(work, answers):
        followup.close(citizen, ticket, Closing.FOLLOWED_UP)
    return follow_up


def _require_open(work: Work, ticket: Ticket, round_: int) -> None:
    """Refuse a round that has its answer (AlreadyRated), or is over without one (NotFound)."""
    if any(one.round == round_ for one in followup.answers_of(work, ticket)):
        raise AlreadyRated(ticket.number)
    if ticket.round != round_ or not may_rate(work, ticket):
        raise NotFound("rating", ticket.number)


# The link (H5) that a caller who could not be reached is sent: signed, bound to ticket and round.


def _signer(work: Work) -> URLSafeSerializer:
    return URLSafeSerializer(work.vault.index("followup.link", "signer"), salt="follow-up")


def link_token(work: Work, ticket: Ticket) -> str:
    """Return the token of this round's link. It ends with the round, an answer, or its days."""
    expires = work.now + timedelta(days=work.city.follow_up.link_days)
    token = _signer(work).dumps([ticket.number, ticket.round, int(expires.timestamp())])
    return token if isinstance(token, str) else token.decode()


def ticket_of_link(work: Work, token: str) -> Ticket:
    """Return the ticket that may still be rated through `token`. Raises AlreadyRated, NotFound."""
    ticket, round_ = _bound_to(work, token)
    _require_open(work, ticket, round_)
    return ticket


def rate_by_link(work: Work, token: str, answers: Answers) -> FollowUp:
    """As `rate`, for the ticket and the round that the link is bound to."""
    ticket, round_ = _bound_to(work, token)
    return rate(work, ticket, answers, via=Via.LINK, round_=round_)


def _bound_to(work: Work, token: str) -> tuple[Ticket, int]:
    """Return ticket and round of a link whose days are not over. Raises NotFound for any other."""
    try:
        number, round_, expires = _signer(work).loads(token)
    except (BadSignature, ValueError, TypeError):
        raise NotFound("link", "token") from None
    ticket = work.session.scalar(select(Ticket).where(Ticket.number == number))
    if ticket is None or work.now.timestamp() > expires:
        raise NotFound("link", "token")
    return ticket, round_
