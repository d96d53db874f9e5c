"""Two dispatchers never work on one ticket: who has it open keeps it, as long as he gives a sign of life."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import joinedload

from hotline.db import insert_into
from hotline.errors import ClaimedByAnother
from hotline.lifecycle import Action, Role, Status, acting_role
from hotline.models.claim import Claim
from hotline.models.ticket import Ticket
from hotline.models.user import User
from hotline.tickets import ledger
from hotline.work import Work


def claim(work: Work, ticket: Ticket, *, take_over: bool = False) -> Claim:
    """Keep a waiting ticket for the actor, or go on keeping it; return the claim that stands.

    It may be another's: of two who claim at once the database lets one win. `take_over`: whoever has it.
    """
    ledger.require(work, ticket, Action.DISPATCH)
    mine = {"user_id": work.actor.user_id, "until": work.now + work.city.dispatching.claim}
    free = or_(Claim.user_id == work.actor.user_id, Claim.until <= work.now)
    made = insert_into(work.session, Claim).values(ticket_id=ticket.id, **mine)
    work.session.execute(
        made.on_conflict_do_update(index_elements=["ticket_id"], set_=mine, where=None if take_over else free)
    )
    stands = select(Claim).where(Claim.ticket_id == ticket.id).options(joinedload(Claim.user))
    return work.session.scalars(stands.execution_options(populate_existing=True)).one()


def let_go(work: Work, *, but: Ticket | None = None) -> None:
    """Free what the actor has claimed: he has opened another ticket."""
    kept = but.id if but else None
    work.session.execute(
        delete(Claim).where(Claim.user_id == work.actor.user_id, Claim.ticket_id.is_distinct_from(kept))
    )


def by_others(work: Work, tickets: Sequence[Ticket]) -> Mapping[int, str]:
    """Return who else has which of `tickets` open, his name by the ticket's id. One query."""
    held = (
        select(Claim)
        .where(
            Claim.ticket_id.in_([ticket.id for ticket in tickets]),
            Claim.user_id != work.actor.user_id,
            Claim.until > work.now,
        )
        .options(joinedload(Claim.user))
    )
    return {one.ticket_id: one.user.name for one in work.session.scalars(held)}


def all_by_others(work: Work) -> Mapping[str, str]:
    """Return everything that others have open, their names by the tickets' numbers. One query."""
    held = (
        select(Ticket.number, User.name)
        .join(Claim, Claim.ticket_id == Ticket.id)
        .join(User, User.id == Claim.user_id)
        .where(Claim.user_id != work.actor.user_id, Claim.until > work.now)
        .order_by(Ticket.number)
    )
    return dict(work.session.execute(held).all())


def heed(work: Work, ticket: Ticket, action: Action) -> None:
    """Refuse a dispatcher's `action` on a waiting ticket while a colleague has it open (ClaimedByAnother).

    An agent on the line goes on: the call will not wait.
    """
    if ticket.status is not Status.LOGGED or acting_role(action, work.actor.roles) is not Role.DISPATCHER:
        return
    if name := by_others(work, [ticket]).get(ticket.id):
        raise ClaimedByAnother(ticket.number, name)


def spend(work: Work, ticket: Ticket) -> None:
    """The actor decides about `ticket`: its claim is over. Raises ClaimedByAnother while another has it."""
    stands = select(Claim).where(Claim.ticket_id == ticket.id).options(joinedload(Claim.user))
    held = work.session.scalar(stands.execution_options(populate_existing=True))
    if held is None:
        return
    if held.user_id != work.actor.user_id and held.until > work.now:
        raise ClaimedByAnother(ticket.number, held.user.name)
    work.session.delete(held)
