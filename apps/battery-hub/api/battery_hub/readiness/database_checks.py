"""The checks that look into the database."""

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from battery_hub.readiness.https import CheckFailed
from battery_hub.readiness.session import Session
from battery_hub.revisions import code_heads

NOTIFICATION_COLUMNS = (
    "id hub_id user_id notification_type title message severity is_read link_type link_id"
    " created_at"
)
COLUMNS = """
    SELECT column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', '')
      FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = :table ORDER BY ordinal_position
"""
INDEXES = (
    "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = :table"
)


def _values(database: Engine | None, query: str, **values: object) -> list[str]:
    if database is None:
        raise CheckFailed("not tried, as there is no database")
    try:
        with database.connect() as connection:
            return _read(connection, query, values)
    except SQLAlchemyError as problem:
        raise CheckFailed(f"the database refuses: {problem.__cause__ or problem}") from problem


def _read(connection: Connection, query: str, values: dict[str, object]) -> list[str]:
    return [str(value) for value in connection.scalars(text(query), values)]


def migrations_done(session: Session) -> None:
    """The schema is at this code's revision."""
    current = _values(session.database, "SELECT version_num FROM alembic_version")
    if current != code_heads():
        raise CheckFailed(f"the database is at {current}, the code at {code_heads()}")


def err_column(session: Session) -> None:
    """`livedata.err` has the type that was agreed."""
    columns = _values(session.database, COLUMNS, table="livedata")
    if "err character varying(255)" not in columns:
        raise CheckFailed(f"livedata has the columns {columns}")


def notifications_table(session: Session) -> None:
    """`notifications` has exactly its columns and its index."""
    columns = [
        column.split()[0] for column in _values(session.database, COLUMNS, table="notifications")
    ]
    if columns != NOTIFICATION_COLUMNS.split():
        raise CheckFailed(f"notifications has the columns {columns}")
    indexes = _values(session.database, INDEXES, table="notifications")
    if not any(index.endswith("(hub_id, is_read)") for index in indexes):
        raise CheckFailed(f"notifications has no index on (hub_id, is_read), but {indexes}")


def error_stored(session: Session) -> None:
    """The report that the webhook took is a row."""
    query = "SELECT err FROM livedata WHERE id = :id AND battery_id = :battery"
    report, battery = session.need("report"), session.need("battery")
    found = _values(session.database, query, id=report, battery=battery)
    if found != ["TG"]:
        raise CheckFailed(f"livedata holds {found} for the report instead of TG")


def notification_created(session: Session) -> None:
    """The error made one unread notification that links to the battery."""
    query = """
        SELECT title FROM notifications
         WHERE hub_id = :hub AND notification_type = 'battery_error' AND NOT is_read
           AND link_type = 'battery' AND link_id = :battery
    """
    session.need("report")
    hub, battery = session.need("hub"), session.need("battery")
    found = _values(session.database, query, hub=hub, battery=battery)
    if len(found) != 1 or not found[0].startswith("TG"):
        raise CheckFailed(f"notifications holds {found} for the battery")
