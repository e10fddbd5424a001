"""Whether the API can work, and which version of code and schema it is."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response, status
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from battery_hub.authentication import Settings
from battery_hub.database import engine
from battery_hub.schemas import HealthAnswer

router = APIRouter(tags=["health"])


@router.get("/health")
def health(
    response: Response, settings: Settings, pool: Annotated[Engine, Depends(engine)]
) -> HealthAnswer:
    """Answer 200 when the database answers and has a schema, else 503."""
    answer = HealthAnswer(status="ok", version=settings.berth_release, revision=None, database="ok")
    try:
        with pool.connect() as connection:
            revisions = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
            answer.revision = ",".join(sorted(revisions)) or None
    except (OperationalError, PoolTimeout):
        answer.database = "unreachable"
    except ProgrammingError:
        answer.database = "not migrated"
    if answer.revision is None:
        answer.status = "error"
        if answer.database == "ok":
            answer.database = "not migrated"
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    return answer


@router.get("/")
def links(settings: Settings) -> dict[str, str]:
    """Tell a visitor where the pages for people are."""
    return {
        "name": "Battery Hub API",
        "frontend": settings.frontend_url,
        "panel": settings.panel_url,
    }
