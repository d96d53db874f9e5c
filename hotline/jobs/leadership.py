"""One ticker at a time, by a row that its holder must keep renewing."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from hotline import clock, runtime
from hotline.models.lease import Lease
from hotline.work import SYSTEM

TICKER = "ticker"
LASTS = timedelta(seconds=15)


def take(holder: str) -> bool:
    """Take or renew the lease for `holder`; False while another holds it."""
    try:
        with runtime.work(SYSTEM) as work:
            now = clock.now()
            lease = work.session.get(Lease, TICKER, with_for_update=True)
            if lease is None:
                lease = Lease(name=TICKER, holder=holder, until=now, beat_at=now)
                work.session.add(lease)
            if lease.holder != holder and lease.until > now:
                return False
            lease.holder, lease.until, lease.beat_at = holder, now + LASTS, now
        return True
    except IntegrityError:  # another made the row in the same moment
        return False


def is_led() -> bool:
    """Tell whether some ticker holds the lease now."""
    with runtime.view(SYSTEM) as work:
        lease = work.session.get(Lease, TICKER)
        return lease is not None and lease.until > work.now


def give_up(holder: str) -> None:
    """End the lease at once, so that the next ticker need not wait for it to run out."""
    with runtime.work(SYSTEM) as work:
        lease = work.session.get(Lease, TICKER, with_for_update=True)
        if lease and lease.holder == holder:
            lease.until = clock.now()
