"""The bell."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Response, status
from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_, update

from battery_hub.authentication import Person
from battery_hub.database import DatabaseSession
from battery_hub.models import Hub, Notification
from battery_hub.schemas import BellAnswer, BigRowId, NotificationAnswer, RowId

router = APIRouter(prefix="/notifications", tags=["notifications"])


def _for(person: Person, hub_id: int | None) -> ColumnElement[bool]:
    """Select what the person may see; a synthetic hub's only when that hub is asked for."""
    shown = Hub.is_synthetic.is_(False) if hub_id is None else Hub.id == hub_id
    return and_(
        Notification.hub_id.in_(select(Hub.id).where(shown)),
        or_(Notification.user_id.is_(None), Notification.user_id == person.id),
    )


@router.get("")
def bell(  # noqa: PLR0913, PLR0917  FastAPI fills them in
    who: Person,
    database: DatabaseSession,
    hub_id: RowId | None = None,
    unread_only: bool = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: BigRowId | None = None,
) -> BellAnswer:
    """Show the newest notifications, those after the id `before`, and count the unread ones."""
    mine = _for(who, hub_id)
    unread = Notification.is_read.is_(False)
    items = select(Notification).where(mine)
    if unread_only:
        items = items.where(unread)
    if before is not None:
        place = (Notification.created_at, Notification.id)
        last = select(*place).where(mine, Notification.id == before)
        items = items.where(tuple_(*place) < last.scalar_subquery())
    rows = database.scalars(
        items.order_by(Notification.created_at.desc(), Notification.id.desc()).limit(limit)
    )
    return BellAnswer(
        unread=database.scalar(select(func.count()).select_from(Notification).where(mine, unread))
        or 0,
        items=[NotificationAnswer.model_validate(row) for row in rows],
    )


@router.post("/{notification_id}/read")
def mark_read(notification_id: int, who: Person, database: DatabaseSession) -> NotificationAnswer:
    """Mark a notification as read."""
    row = database.get(Notification, notification_id)
    if row is None or row.user_id not in {None, who.id}:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"No notification {notification_id}.")
    row.is_read = True
    return NotificationAnswer.model_validate(row)


@router.post("/read", status_code=status.HTTP_204_NO_CONTENT, response_class=Response)
def mark_all_read(who: Person, database: DatabaseSession) -> None:
    """Mark everything that the bell shows as read."""
    database.execute(
        update(Notification)
        .where(_for(who, None), Notification.is_read.is_(False))
        .values(is_read=True)
        .execution_options(synchronize_session=False)
    )
