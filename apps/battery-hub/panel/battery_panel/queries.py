"""What the panel reads. Hubs that belong to checks (synthetic) are left out everywhere."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import psycopg
from psycopg.rows import class_row

from battery_panel.settings import Settings

# Enough for a smooth line, few enough for a phone.
POINTS_PER_LINE = 300


class Fleet(NamedTuple):
    """The figures at the top."""

    batteries: int
    online: int
    offline: int
    errors: int


class Point(NamedTuple):
    """The mean of a battery's reports in one stretch of time."""

    battery: str
    at: datetime
    state_of_charge: float | None
    temperature: float | None
    voltage: float | None


class ErrorDay(NamedTuple):
    """How many reports of a day held an error text."""

    day: date
    err: str
    reports: int


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
            SELECT b.id, h.name || ' / ' || b.name AS name
              FROM batteries b JOIN hubs h ON h.id = b.hub_id
             WHERE NOT h.is_synthetic ORDER BY h.name, b.name, b.id
            """,
        )

    def fleet(self, days: int) -> Fleet:
        """Count the batteries, and the reports with errors of the last days."""
        return self._rows(
            Fleet,
            """
            SELECT count(*) AS batteries,
                   count(*) FILTER (WHERE b.last_seen_at IS NOT NULL AND b.offline_since IS NULL)
                     AS online,
                   count(*) FILTER (WHERE b.offline_since IS NOT NULL) AS offline,
                   (SELECT count(*) FROM livedata l
                      JOIN batteries lb ON lb.id = l.battery_id JOIN hubs lh ON lh.id = lb.hub_id
                     WHERE NOT lh.is_synthetic AND l.err <> ''
                       AND l.recorded_at > now() - make_interval(days => %(days)s)) AS errors
              FROM batteries b JOIN hubs h ON h.id = b.hub_id WHERE NOT h.is_synthetic
            """,
            {"days": days},
        )[0]

    def measurements(self, days: int, battery: int | None) -> list[Point]:
        """Return the course of charge, temperature and voltage, thinned to even steps."""
        return self._rows(
            Point,
            """
            SELECT h.name || ' / ' || b.name AS battery,
                   date_bin(make_interval(secs => %(step)s), l.recorded_at, 'epoch') AS at,
                   avg(l.state_of_charge) AS state_of_charge,
                   avg(l.temperature) AS temperature, avg(l.voltage) AS voltage
              FROM livedata l JOIN batteries b ON b.id = l.battery_id JOIN hubs h ON h.id = b.hub_id
             WHERE NOT h.is_synthetic AND l.recorded_at > now() - make_interval(days => %(days)s)
               AND (%(battery)s::int IS NULL OR b.id = %(battery)s)
             GROUP BY 1, 2, b.id ORDER BY 1, b.id, 2
            """,
            {"days": days, "battery": battery, "step": days * 86400 // POINTS_PER_LINE},
        )

    def errors(self, days: int, battery: int | None) -> list[ErrorDay]:
        """Return how often each error code came per day (UTC); a report may hold several."""
        return self._rows(
            ErrorDay,
            """
            SELECT (l.recorded_at AT TIME ZONE 'UTC')::date AS day, code AS err, count(*) AS reports
              FROM livedata l JOIN batteries b ON b.id = l.battery_id JOIN hubs h ON h.id = b.hub_id
             CROSS JOIN LATERAL (
                   SELECT DISTINCT upper(part) AS code
                     FROM regexp_split_to_table(l.err, '[,;[:space:]]+') AS part
                   ) AS codes
             WHERE code <> '' AND NOT h.is_synthetic
               AND l.recorded_at > now() - make_interval(days => %(days)s)
               AND (%(battery)s::int IS NULL OR b.id = %(battery)s)
             GROUP BY 1, 2 ORDER BY 1, 2
            """,
            {"days": days, "battery": battery},
        )

    def days(self, days: int, battery: int | None) -> list[BatteryDay]:
        """Return lowest and highest charge per day, from the statistics that cron keeps."""
        return self._rows(
            BatteryDay,
            """
            SELECT h.name || ' / ' || b.name AS battery, s.day,
                   s.state_of_charge_min AS lowest, s.state_of_charge_max AS highest
              FROM battery_daily_statistics s JOIN batteries b ON b.id = s.battery_id
              JOIN hubs h ON h.id = b.hub_id
             WHERE NOT h.is_synthetic AND s.day > current_date - %(days)s
               AND (%(battery)s::int IS NULL OR b.id = %(battery)s)
             ORDER BY 1, b.id, 2
            """,
            {"days": days, "battery": battery},
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
            connect_timeout=3,
            options="-c default_transaction_read_only=on -c statement_timeout=10000",
            application_name="battery-hub panel",
        )
