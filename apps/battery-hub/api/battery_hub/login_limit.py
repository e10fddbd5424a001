"""Slows down guessing: an address with many refused logins has to wait. Counted in the database,
as the workers share nothing else."""

from datetime import UTC, datetime, timedelta

from fastapi import HTTPException, Request, status
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from battery_hub.models import LoginFailure

FAILURES_ALLOWED = 10
WINDOW = timedelta(minutes=5)


def client_address(request: Request) -> str:
    """Return the caller's address, as the trusted proxy tells it."""
    return request.client.host if request.client else "unknown"


def refuse_when_exceeded(database: Session, address: str) -> None:
    """Answer 429 when the address failed too often lately, whatever it sends now."""
    since = datetime.now(UTC) - WINDOW
    failures = database.scalar(
        select(func.count()).where(LoginFailure.address == address, LoginFailure.failed_at > since)
    )
    if (failures or 0) >= FAILURES_ALLOWED:
        raise HTTPException(
            status.HTTP_429_TOO_MANY_REQUESTS,
            "Too many refused logins from here. Wait five minutes and try again.",
            headers={"Retry-After": str(int(WINDOW.total_seconds()))},
        )


def record_failure(database: Session, address: str) -> None:
    """Count a refused login, in a transaction of its own: the request's is rolled back."""
    with Session(database.get_bind()) as own, own.begin():
        own.add(LoginFailure(address=address))
