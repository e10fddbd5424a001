"""Batteries and their error history."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, status
from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from battery_hub.authentication import Caller, Person
from battery_hub.database import DatabaseSession
from battery_hub.error_codes import decode
from battery_hub.latest import Known, Measured, known_now
from battery_hub.models import Battery, Hub, LiveData, User
from battery_hub.schemas import (
    BatteryAnswer,
    BigRowId,
    DecodedError,
    ErrorRecord,
    LatestData,
    RowId,
)

router = APIRouter(prefix="/batteries", tags=["batteries"])


@router.get("")
def list_batteries(
    _: Person, database: DatabaseSession, hub_id: RowId | None = None
) -> list[BatteryAnswer]:
    """List batteries. Those of synthetic hubs appear only when their hub is asked for."""
    condition = ~Hub.is_synthetic if hub_id is None else Hub.id == hub_id
    return [_answer(known) for known in known_now(database, condition)]


@router.get("/{battery_id}")
def show_battery(battery_id: RowId, who: Caller, database: DatabaseSession) -> BatteryAnswer:
    """Show one battery with its newest report."""
    battery = _visible(database, battery_id, who)
    (known,) = known_now(database, Battery.id == battery.id)
    return _answer(known)


@router.get("/{battery_id}/errors")
def error_history(
    battery_id: RowId,
    who: Caller,
    database: DatabaseSession,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    before: BigRowId | None = None,
) -> list[ErrorRecord]:
    """Show the reports with errors, newest first; `before` is the last id that is known."""
    battery = _visible(database, battery_id, who)
    place = (LiveData.recorded_at, LiveData.id)
    statement = select(LiveData).where(
        LiveData.battery_id == battery.id, func.coalesce(LiveData.err, "") != ""
    )
    if before is not None:
        last = select(*place).where(LiveData.id == before, LiveData.battery_id == battery.id)
        statement = statement.where(tuple_(*place) < last.scalar_subquery())
    rows = database.scalars(
        statement.order_by(LiveData.recorded_at.desc(), LiveData.id.desc()).limit(limit)
    )
    return [
        ErrorRecord(
            id=row.id, recorded_at=row.recorded_at, err=row.err or "", errors=_errors(row.err)
        )
        for row in rows
    ]


def _visible(database: Session, battery_id: int, who: User | Battery) -> Battery:
    if isinstance(who, Battery) and who.id != battery_id:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "A battery sees only itself.")
    battery = database.get(Battery, battery_id)
    if battery is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"No battery {battery_id}.")
    return battery


def _errors(err: str | None) -> list[DecodedError]:
    return [DecodedError.of(known) for known in decode(err)]


def _answer(known: Known) -> BatteryAnswer:
    battery, report, measurements = known
    status_now = "online" if battery.offline_since is None else "offline"
    return BatteryAnswer(
        id=battery.id,
        name=battery.name,
        hub_id=battery.hub_id,
        hub_name=battery.hub.name,
        status="never seen" if battery.last_seen_at is None else status_now,
        last_seen_at=battery.last_seen_at,
        latest=None if report is None else _latest(report, measurements),
        errors=_errors(report.err if report else None),
    )


def _latest(report: LiveData, measurements: dict[str, Measured]) -> LatestData:
    return LatestData(
        recorded_at=report.recorded_at,
        **{name: measured.value for name, measured in measurements.items()},
        measured_at={name: measured.at for name, measured in measurements.items()},
    )
