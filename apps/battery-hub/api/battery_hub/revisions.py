"""`python -m battery_hub.revisions` prints the revisions of the database and of the code."""

import json
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

from battery_hub.settings import DatabaseSettings

ALEMBIC_INI = Path(__file__).parent.parent / "alembic.ini"


def code_heads() -> list[str]:
    """Return the newest revisions that this code brings: one, unless branches were not merged."""
    return sorted(ScriptDirectory.from_config(Config(ALEMBIC_INI)).get_heads())


def database_revisions(settings: DatabaseSettings) -> list[str]:
    """Return the revisions that the database is at: none before the first migration."""
    with create_engine(settings.url(), poolclass=pool.NullPool).connect() as connection:
        return sorted(MigrationContext.configure(connection).get_current_heads())


if __name__ == "__main__":
    print(json.dumps({"current": database_revisions(DatabaseSettings()), "heads": code_heads()}))
