"""Recording of reports, and the notifications that new errors cause."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from battery_hub.error_codes import ErrorCode, decode
from battery_hub.models import Battery, LiveData, Notification
from battery_hub.schemas import Report


def latest_report(database: Session, battery_id: int) -> LiveData | None:
    """Return the battery's newest report."""
    return database.scalar(
        select(LiveData)
        .where(LiveData.battery_id == battery_id)
        .order_by(LiveData.recorded_at.desc(), LiveData.id.desc())
        .limit(1)
    )


def record(database: Session, battery: Battery, report: Report) -> tuple[LiveData, int]:
    """Store a report; returns it and how many notifications its errors caused.

    A code that the report before had too is the same fault going on: it is not announced again.
    """
    # Two reports at once would both see the error as new; the lock lets one pass at a time.
    database.refresh(battery, with_for_update={"of": Battery})
    before = latest_report(database, battery.id)
    already_known = {known.code for known in decode(before.err if before else None)}
    measurements = report.model_dump(exclude={"battery_id", "recorded_at"})
    row = LiveData(
        battery_id=battery.id, recorded_at=report.recorded_at or datetime.now(UTC), **measurements
    )
    new_errors = [known for known in decode(report.err) if known.code not in already_known]
    database.add(row)
    database.add_all([_notification(battery, known, row.recorded_at) for known in new_errors])
    battery.last_seen_at = datetime.now(UTC)
    battery.offline_since = None
    database.flush()
    return row, len(new_errors)


def _notification(battery: Battery, known: ErrorCode, happened_at: datetime) -> Notification:
    return Notification(
        hub_id=battery.hub_id,
        notification_type="battery_error",
        title=f"{known.code}: {known.title}"[:200],
        message=f"{battery.name} at {battery.hub.name} reported {known.code}.",
        severity=known.severity,
        link_type="battery",
        link_id=battery.id,
        created_at=happened_at,
    )
