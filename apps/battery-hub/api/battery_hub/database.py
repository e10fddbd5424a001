"""The connection pool, and one session per request."""

from collections.abc import Iterator
from functools import cache
from typing import Annotated

from fastapi import Depends
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from battery_hub.settings import database_settings


@cache
def engine() -> Engine:
    """Return this process's pool: 4 workers of it, twice during a release, fit 100 connections."""
    return create_engine(
        database_settings().url(),
        pool_size=4,
        max_overflow=4,
        pool_timeout=5,
        pool_pre_ping=True,
        pool_recycle=1800,
    )


def session() -> Iterator[Session]:
    """Give a request its session: committed when it went well, rolled back otherwise."""
    with Session(engine()) as opened, opened.begin():
        yield opened


# Scope "function" ends the transaction before the answer is sent: a failing commit is a 500.
DatabaseSession = Annotated[Session, Depends(session, scope="function")]
