import json
import os
import subprocess
import sys

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import ProgrammingError

from battery_hub.models import Base
from tests.postgres import Postgres


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def test_there_are_at_least_five_revisions_in_one_line() -> None:
    script = ScriptDirectory("battery_hub/migrations")
    assert len(list(script.walk_revisions())) >= 5
    assert len(script.get_heads()) == 1


def test_goes_down_and_up_step_by_step(clean: Engine, as_migration_user: Config) -> None:
    script = ScriptDirectory.from_config(as_migration_user)
    downwards = [revision.revision for revision in script.walk_revisions()]
    for revision in [*downwards[1:], "base"]:
        command.downgrade(as_migration_user, revision)
    assert tables(clean) == {"alembic_version"}
    for revision in reversed(downwards):
        command.upgrade(as_migration_user, revision)
    with clean.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_a_failing_upgrade_changes_nothing(clean: Engine, as_migration_user: Config) -> None:
    command.downgrade(as_migration_user, "0003")
    with clean.begin() as connection:
        # Revision 0004 will succeed and 0005 stumble over this.
        connection.execute(text("CREATE TABLE battery_daily_statistics (id int)"))
    try:
        with pytest.raises(ProgrammingError, match="already exists"):
            command.upgrade(as_migration_user, "head")
        assert "notifications" not in tables(clean)
        with clean.connect() as connection:
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "0003"
    finally:
        with clean.begin() as connection:
            connection.execute(text("DROP TABLE battery_daily_statistics"))
        command.upgrade(as_migration_user, "head")


def test_two_upgraders_at_once_both_succeed(
    clean: Engine, postgres: Postgres, as_migration_user: Config
) -> None:
    command.downgrade(as_migration_user, "base")
    environment = os.environ | postgres.environment("migration_user")
    upgraders = [
        subprocess.Popen(["alembic", "upgrade", "head"], env=environment, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    results = [upgrader.communicate()[1].decode() for upgrader in upgraders]
    assert [upgrader.returncode for upgrader in upgraders] == [0, 0], results
    assert sorted(log.count("Running upgrade") for log in results) == [0, 6]
    assert "notifications" in tables(clean)


def test_prints_revisions(clean: Engine, postgres: Postgres) -> None:
    assert clean
    answer = subprocess.run(
        [sys.executable, "-m", "battery_hub.revisions"],
        env=os.environ | postgres.environment("api_user"),
        check=True,
        capture_output=True,
    )
    assert json.loads(answer.stdout) == {"current": ["0006"], "heads": ["0006"]}


def test_the_api_role_cannot_change_the_schema(clean: Engine, postgres: Postgres) -> None:
    assert clean
    engine = postgres.engine("api_user")
    with pytest.raises(ProgrammingError, match="permission denied"), engine.begin() as connection:
        connection.execute(text("CREATE TABLE mine (id int)"))
    engine.dispose()
