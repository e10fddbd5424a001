"""What is known of a battery now: its newest report, and each measurement's newest value."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, aliased

from battery_hub.models import Battery, Hub, LiveData

MEASUREMENTS = ("state_of_charge", "voltage", "current", "temperature")
# A report may hold some measurements only. The others are those of the reports of this long before
# it; what is older says nothing about the battery now.
REMEMBERED = timedelta(hours=24)


class Measured(NamedTuple):
    """A measurement and the time of its report."""

    value: float
    at: datetime


class Known(NamedTuple):
    """A battery, its newest report, and its measurements by name; those not known are left out."""

    battery: Battery
    report: LiveData | None
    measurements: dict[str, Measured]


def known_now(database: Session, condition: ColumnElement[bool]) -> Iterator[Known]:
    """Yield the batteries that meet the condition (on Battery and Hub), by hub and name."""
    newest = aliased(
        LiveData,
        select(LiveData)
        .where(LiveData.battery_id == Battery.id)
        .order_by(LiveData.recorded_at.desc(), LiveData.id.desc())
        .limit(1)
        .lateral("newest"),
    )
    statement = (
        select(Battery, newest)
        .join(Hub, Battery.hub_id == Hub.id)
        .outerjoin(newest, newest.battery_id == Battery.id)
        .where(condition)
        .order_by(Hub.name, Battery.name, Battery.id)
    )
    for name in MEASUREMENTS:
        column = getattr(LiveData, name)
        found = (
            select(column.label("value"), LiveData.recorded_at.label("at"))
            .where(
                LiveData.battery_id == Battery.id,
                LiveData.recorded_at > newest.recorded_at - REMEMBERED,
                column.is_not(None),
            )
            .order_by(LiveData.recorded_at.desc(), LiveData.id.desc())
            .limit(1)
            .lateral(name)
        )
        statement = statement.outerjoin(found, true()).add_columns(found.c.value, found.c.at)
    rest: list[Any]
    for battery, report, *rest in database.execute(statement):
        pairs = zip(MEASUREMENTS, rest[::2], rest[1::2], strict=True)
        measurements = {name: Measured(value, at) for name, value, at in pairs if at is not None}
        yield Known(battery, report, measurements)
