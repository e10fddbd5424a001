"""Alembic's environment: all pending revisions in one transaction, one upgrader at a time."""

from logging.config import fileConfig

from alembic import context
from sqlalchemy import create_engine, pool, text

from battery_hub.models import Base
from battery_hub.settings import DatabaseSettings

# Any constant will do: upgraders only have to agree on it.
UPGRADE_LOCK = 71_004_117

if context.config.config_file_name is not None:
    fileConfig(context.config.config_file_name, disable_existing_loggers=False)

if context.is_offline_mode():
    raise SystemExit("error: offline mode (--sql) is not supported; run it against a database")

with create_engine(DatabaseSettings().url(), poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        # Read after the lock is held, so that the second of two upgraders finds nothing to do.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
        context.run_migrations()
