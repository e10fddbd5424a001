"""Making and removing hubs and batteries."""

import secrets

from fastapi import APIRouter, HTTPException, Response, status
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from battery_hub.authentication import Person
from battery_hub.database import DatabaseSession
from battery_hub.models import Battery, Hub
from battery_hub.schemas import (
    BatteryMadeAnswer,
    BatteryRequest,
    HubAnswer,
    HubRequest,
    RowId,
)
from battery_hub.tokens import hash_battery_secret

router = APIRouter(tags=["administration"])


@router.get("/hubs")
def list_hubs(_: Person, database: DatabaseSession) -> list[HubAnswer]:
    """List the hubs that are not synthetic."""
    rows = database.scalars(select(Hub).where(~Hub.is_synthetic).order_by(Hub.name))
    return [HubAnswer.model_validate(row) for row in rows]


@router.post("/hubs", status_code=status.HTTP_201_CREATED)
def make_hub(_: Person, wanted: HubRequest, database: DatabaseSession) -> HubAnswer:
    """Make a hub."""
    made = database.scalar(
        insert(Hub).values(**wanted.model_dump()).on_conflict_do_nothing().returning(Hub)
    )
    if made is None:
        raise HTTPException(
            status.HTTP_409_CONFLICT, f"There is a hub named {wanted.name} already."
        )
    return HubAnswer.model_validate(made)


@router.delete("/hubs/{hub_id}", status_code=status.HTTP_204_NO_CONTENT, response_class=Response)
def remove_hub(_: Person, hub_id: RowId, database: DatabaseSession) -> None:
    """Remove a hub with its batteries, their data and notifications."""
    if database.scalar(delete(Hub).where(Hub.id == hub_id).returning(Hub.id)) is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"No hub {hub_id}.")


@router.post("/batteries", status_code=status.HTTP_201_CREATED)
def make_battery(_: Person, wanted: BatteryRequest, database: DatabaseSession) -> BatteryMadeAnswer:
    """Make a battery; its secret is told in this answer only."""
    if database.get(Hub, wanted.hub_id) is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"No hub {wanted.hub_id}.")
    secret = secrets.token_urlsafe(32)
    battery = Battery(
        hub_id=wanted.hub_id, name=wanted.name, secret_hash=hash_battery_secret(secret)
    )
    database.add(battery)
    database.flush()
    return BatteryMadeAnswer(
        id=battery.id, hub_id=battery.hub_id, name=battery.name, battery_secret=secret
    )


@router.delete(
    "/batteries/{battery_id}", status_code=status.HTTP_204_NO_CONTENT, response_class=Response
)
def remove_battery(_: Person, battery_id: RowId, database: DatabaseSession) -> None:
    """Remove a battery with its data."""
    statement = delete(Battery).where(Battery.id == battery_id).returning(Battery.id)
    if database.scalar(statement) is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"No battery {battery_id}.")
