"""A real PostgreSQL for the tests, with the roles and rights that berth gives."""

import contextlib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, NullPool, create_engine, text

from battery_hub.settings import DatabaseSettings
from tests.ports import free_port

# Passwords with what URLs and Alembic's configuration treat specially.
PASSWORDS = {"migration_user": "m%40:/@#'$p", "api_user": "a%s:/@#?&p"}

ROLES = """
    CREATE ROLE migration_user LOGIN PASSWORD :migration_user;
    CREATE ROLE api_user LOGIN PASSWORD :api_user;
    CREATE DATABASE beppp OWNER migration_user;
"""
RIGHTS = (
    "ALTER SCHEMA public OWNER TO migration_user",
    "GRANT USAGE ON SCHEMA public TO api_user",
    "ALTER DEFAULT PRIVILEGES FOR ROLE migration_user"
    " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO api_user",
    "ALTER DEFAULT PRIVILEGES FOR ROLE migration_user GRANT USAGE, SELECT ON SEQUENCES TO api_user",
)


@dataclass(frozen=True)
class Postgres:
    """A running server; `environment` is what a service gets."""

    folder: Path
    port: int

    def environment(self, role: str) -> dict[str, str]:
        return {
            "DB_HOST": "127.0.0.1",
            "DB_PORT": str(self.port),
            "DB_NAME": "beppp",
            "DB_USER": role,
            "DB_PASSWORD": PASSWORDS[role],
            "DB_SSLMODE": "disable",
            "DB_CONNECT_SECONDS": "60",
        }

    def engine(self, role: str) -> Engine:
        settings = {key.lower(): value for key, value in self.environment(role).items()}
        return create_engine(DatabaseSettings.model_validate(settings).url(), poolclass=NullPool)

    def stop(self) -> None:
        self._control("stop", "--mode", "immediate")

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off -k {self.folder}"
        self._control("start", "--wait", "--options", options, "--log", f"{self.folder}/log")

    def _control(self, *arguments: str) -> None:
        command = ["pg_ctl", "--pgdata", f"{self.folder}/data", "--silent", "--timeout=600"]
        subprocess.run([*command, *arguments], check=True)


@contextlib.contextmanager
def running_postgres(folder: Path) -> Iterator[Postgres]:
    server = Postgres(folder, free_port())
    subprocess.run(
        [
            "initdb",
            f"--pgdata={folder}/data",
            "--username=postgres",
            "--auth-local=trust",
            "--auth-host=scram-sha-256",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server.start()
    try:
        admin = f"postgresql+psycopg://postgres@/{{}}?host={folder}&port={server.port}"
        root = create_engine(admin.format("postgres"), isolation_level="AUTOCOMMIT")
        with root.connect() as connection:
            for statement in ROLES.strip().split("\n"):
                filled = statement
                for role, password in PASSWORDS.items():
                    quoted = password.replace("'", "''")
                    filled = filled.replace(f":{role}", f"'{quoted}'")
                connection.exec_driver_sql(filled.replace("%", "%%"))
        root.dispose()
        database = create_engine(admin.format("beppp"))
        with database.begin() as connection:
            for statement in RIGHTS:
                connection.execute(text(statement))
        database.dispose()
        yield server
    finally:
        server.stop()
