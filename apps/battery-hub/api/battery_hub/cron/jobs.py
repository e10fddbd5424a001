"""What the cron service does. Each job may run twice, also at the same time, without harm."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Date, cast, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from battery_hub.models import (
    Battery,
    DailyStatistics,
    Hub,
    LiveData,
    LoginFailure,
    Notification,
)
from battery_hub.settings import CronSettings

type Job = Callable[[Session, CronSettings], int]

SYNTHETIC_HUB_LIFETIME = timedelta(hours=1)
LOGIN_FAILURE_LIFETIME = timedelta(days=1)


def mark_offline(database: Session, settings: CronSettings) -> int:
    """Mark batteries that stopped reporting, with a notification each; returns how many."""
    silent_since = datetime.now(UTC) - timedelta(minutes=settings.offline_after_minutes)
    silent = database.scalars(
        select(Battery)
        .join(Battery.hub)
        .where(
            Battery.offline_since.is_(None),
            Battery.last_seen_at < silent_since,
            ~Hub.is_synthetic,
        )
        .with_for_update(of=Battery, skip_locked=True)
    ).all()
    for battery in silent:
        battery.offline_since = func.now()
        database.add(_offline_notification(battery, settings))
    return len(silent)


def _offline_notification(battery: Battery, settings: CronSettings) -> Notification:
    return Notification(
        hub_id=battery.hub_id,
        notification_type="battery_offline",
        title=f"{battery.name} is offline",
        message=(
            f"{battery.name} at {battery.hub.name} has not reported for"
            f" {settings.offline_after_minutes} minutes."
        ),
        severity="warning",
        link_type="battery",
        link_id=battery.id,
    )


def aggregate_statistics(database: Session, _: CronSettings) -> int:
    """Count today and yesterday (UTC) anew for every battery; returns the number of days."""
    day = cast(func.timezone(literal_column("'UTC'"), LiveData.recorded_at), Date)
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    since = datetime(yesterday.year, yesterday.month, yesterday.day, tzinfo=UTC)
    counted = (
        select(
            LiveData.battery_id,
            day,
            func.count(),
            func.count().filter(func.coalesce(LiveData.err, "") != ""),
            func.min(LiveData.state_of_charge),
            func.max(LiveData.state_of_charge),
            func.max(LiveData.temperature),
        )
        .where(LiveData.recorded_at >= since)
        .group_by(LiveData.battery_id, day)
        .order_by(LiveData.battery_id, day)
    )
    columns = [column.name for column in DailyStatistics.__table__.columns]
    statement = insert(DailyStatistics).from_select(columns, counted)
    upsert = statement.on_conflict_do_update(
        index_elements=["battery_id", "day"],
        set_={name: statement.excluded[name] for name in columns[2:]},
    ).returning(DailyStatistics.battery_id)
    return len(database.execute(upsert).all())


def prune(database: Session, settings: CronSettings) -> int:
    """Remove what is too old to keep, and synthetic hubs that a check left; returns the rows."""
    now = datetime.now(UTC)
    livedata_limit = now - timedelta(days=settings.livedata_keep_days)
    notification_limit = now - timedelta(days=settings.notification_keep_days)
    statements = (
        delete(LiveData).where(LiveData.recorded_at < livedata_limit),
        delete(Notification).where(
            Notification.is_read, Notification.created_at < notification_limit
        ),
        delete(LoginFailure).where(LoginFailure.failed_at < now - LOGIN_FAILURE_LIFETIME),
        delete(Hub).where(Hub.is_synthetic, Hub.created_at < now - SYNTHETIC_HUB_LIFETIME),
    )
    removed = 0
    for statement in statements:
        removed += len(database.execute(statement.returning(1)).all())
    return removed
