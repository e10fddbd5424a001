"""What the panel reads. Hubs that belong to checks (synthetic) are left out everywhere."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import psycopg
from psycopg.rows import class_row

from battery_panel.settings import Settings

# Enough for a smooth line, few enough for a phone.
POINTS_PER_LINE = 300


# Bars of this width: an hour while a day is looked at, else a day.
ERROR_HOURS = {1: 1}
MOST_ROWS = 100


class Choice(NamedTuple):
    """What is looked at: the last days, of all batteries, of a hub's, or of one."""

    days: int
    hub: int | None = None
    battery: int | None = None

    @property
    def error_hours(self) -> int:
        """Hours that one bar of the errors stands for."""
        return ERROR_HOURS.get(self.days, 24)


class Fleet(NamedTuple):
    """The figures at the top."""

    batteries: int
    online: int
    offline: int
    never_seen: int
    errors: int


class Point(NamedTuple):
    """The mean of a battery's reports in one stretch of time."""

    battery: str
    at: datetime
    state_of_charge: float | None
    temperature: float | None
    voltage: float | None


class ErrorCount(NamedTuple):
    """How many reports of a stretch of time held an error code."""

    at: datetime
    err: str
    reports: int


class BatteryErrors(NamedTuple):
    """How often a battery reported an error code, and when last."""

    battery_id: int
    battery: str
    hub: str
    err: str
    reports: int
    last: datetime


class BatteryDay(NamedTuple):
    """A battery's lowest and highest charge on a day."""

    battery: str
    day: date
    lowest: float | None
    highest: float | None


class Battery(NamedTuple):
    """A battery to choose."""

    id: int
    name: str
    hub_id: int
    hub: str


CHOSEN = """NOT h.is_synthetic
               AND (%(battery)s::int IS NULL OR b.id = %(battery)s)
               AND (%(hub)s::int IS NULL OR h.id = %(hub)s)"""
# Its own name, where no other battery has it too.
NAME = """CASE WHEN EXISTS (
                     SELECT FROM batteries o JOIN hubs oh ON oh.id = o.hub_id
                      WHERE o.name = b.name AND o.id <> b.id AND NOT oh.is_synthetic)
                   THEN h.name || ' / ' || b.name ELSE b.name END"""
ERRORS_OF_CHOSEN = f"""
              FROM livedata l JOIN batteries b ON b.id = l.battery_id JOIN hubs h ON h.id = b.hub_id
             CROSS JOIN LATERAL (
                   SELECT DISTINCT upper(part) AS code
                     FROM regexp_split_to_table(l.err, '[,;[:space:]]+') AS part
                   ) AS codes
             WHERE code <> '' AND {CHOSEN}
               AND l.recorded_at > now() - make_interval(days => %(days)s)
"""


class Database:
    """Reads as panel_readonly; a connection per question, as the panel has few readers."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def check(self) -> None:
        """Raise `psycopg.Error` when the database does not answer a real question."""
        with self._connect() as connection:
            connection.execute("SELECT 1 FROM batteries LIMIT 1")

    def batteries(self) -> list[Battery]:
        """Return the batteries to choose from."""
        return self._rows(
            Battery,
            """
            SELECT b.id, b.name, h.id AS hub_id, h.name AS hub
              FROM batteries b JOIN hubs h ON h.id = b.hub_id
             WHERE NOT h.is_synthetic ORDER BY h.name, h.id, b.name, b.id
            """,
        )

    def fleet(self, choice: Choice) -> Fleet:
        """Count the batteries, and the reports with errors of the last days."""
        return self._rows(
            Fleet,
            f"""
            SELECT count(*) AS batteries,
                   count(*) FILTER (WHERE b.last_seen_at IS NOT NULL AND b.offline_since IS NULL)
                     AS online,
                   count(*) FILTER (WHERE b.offline_since IS NOT NULL) AS offline,
                   count(*) FILTER (WHERE b.last_seen_at IS NULL) AS never_seen,
                   coalesce(sum((SELECT count(*) FROM livedata l
                     WHERE l.battery_id = b.id AND l.err <> ''
                       AND l.recorded_at > now() - make_interval(days => %(days)s))), 0)::int
                     AS errors
              FROM batteries b JOIN hubs h ON h.id = b.hub_id WHERE {CHOSEN}
            """,
            choice._asdict(),
        )[0]

    def measurements(self, choice: Choice) -> list[Point]:
        """Return the course of charge, temperature and voltage, thinned to even steps."""
        return self._rows(
            Point,
            f"""
            SELECT {NAME} AS battery,
                   date_bin(make_interval(secs => %(step)s), l.recorded_at, 'epoch') AS at,
                   avg(l.state_of_charge) AS state_of_charge,
                   avg(l.temperature) AS temperature, avg(l.voltage) AS voltage
              FROM livedata l JOIN batteries b ON b.id = l.battery_id JOIN hubs h ON h.id = b.hub_id
             WHERE {CHOSEN} AND l.recorded_at > now() - make_interval(days => %(days)s)
             GROUP BY b.id, h.id, 2 ORDER BY h.name, b.name, b.id, 2
            """,
            choice._asdict() | {"step": choice.days * 86400 // POINTS_PER_LINE},
        )

    def errors(self, choice: Choice) -> list[ErrorCount]:
        """Return how often each error code came per hour or day (UTC)."""
        return self._rows(
            ErrorCount,
            f"""
            SELECT date_bin(make_interval(hours => %(width)s), l.recorded_at, 'epoch') AS at,
                   code AS err, count(*) AS reports
            {ERRORS_OF_CHOSEN} GROUP BY 1, 2 ORDER BY 1, 2
            """,
            choice._asdict() | {"width": choice.error_hours},
        )

    def battery_errors(self, choice: Choice) -> list[BatteryErrors]:
        """Return which battery reported which error code, the latest first."""
        return self._rows(
            BatteryErrors,
            f"""
            SELECT b.id AS battery_id, b.name AS battery, h.name AS hub, code AS err,
                   count(*) AS reports, max(l.recorded_at) AS last
            {ERRORS_OF_CHOSEN} GROUP BY b.id, h.id, code ORDER BY last DESC, b.id, code
             LIMIT {MOST_ROWS}
            """,
            choice._asdict(),
        )

    def days(self, choice: Choice) -> list[BatteryDay]:
        """Return lowest and highest charge per day (UTC).

        The statistics that cron keeps lag behind: today and yesterday are counted from the reports.
        """
        return self._rows(
            BatteryDay,
            f"""
            WITH yesterday AS (SELECT (now() AT TIME ZONE 'UTC')::date - 1 AS day),
            days AS (
              SELECT s.battery_id, s.day, s.state_of_charge_min AS lowest,
                     s.state_of_charge_max AS highest
                FROM battery_daily_statistics s, yesterday WHERE s.day < yesterday.day
               UNION ALL
              SELECT l.battery_id, (l.recorded_at AT TIME ZONE 'UTC')::date,
                     min(l.state_of_charge), max(l.state_of_charge)
                FROM livedata l, yesterday
               WHERE l.recorded_at >= yesterday.day::timestamp AT TIME ZONE 'UTC'
               GROUP BY 1, 2
            )
            SELECT {NAME} AS battery, d.day, d.lowest, d.highest
              FROM days d JOIN batteries b ON b.id = d.battery_id
              JOIN hubs h ON h.id = b.hub_id
             WHERE {CHOSEN} AND d.day >= (now() AT TIME ZONE 'UTC')::date - %(days)s
             ORDER BY h.name, b.name, b.id, d.day
            """,
            choice._asdict(),
        )

    def _rows[Row](
        self, kind: type[Row], query: str, values: Mapping[str, object] | None = None
    ) -> list[Row]:
        with self._connect() as connection, connection.cursor(row_factory=class_row(kind)) as rows:
            return rows.execute(query.encode(), values).fetchall()

    def _connect(self) -> psycopg.Connection:
        settings = self._settings
        return psycopg.connect(
            host=settings.database_host,
            port=settings.database_port,
            dbname=settings.database_name,
            user=settings.database_user,
            password=settings.database_password,
            sslmode=settings.database_sslmode,
            sslrootcert=settings.database_sslrootcert or None,
            connect_timeout=settings.database_connect_seconds,
            options="-c default_transaction_read_only=on -c statement_timeout=10000",
            application_name="battery-hub panel",
        )
