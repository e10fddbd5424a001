"""Settings, read from the environment once; nothing else in the package reads it."""

from dataclasses import dataclass, field
from os import environ


@dataclass(frozen=True)
class Settings:
    """Where the database and the API are, and which release this is."""

    database_host: str
    database_port: str
    database_name: str
    database_user: str
    database_password: str = field(repr=False)
    database_sslmode: str
    database_sslrootcert: str
    database_connect_seconds: int
    api_url: str
    frontend_url: str
    release: str

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the environment; a missing variable is named."""
        return cls(
            database_host=_required("DB_HOST"),
            database_port=environ.get("DB_PORT") or "5432",
            database_name=_required("DB_NAME"),
            database_user=_required("DB_USER"),
            database_password=_required("DB_PASSWORD"),
            database_sslmode=environ.get("DB_SSLMODE") or "prefer",
            database_sslrootcert=environ.get("DB_SSLROOTCERT", ""),
            database_connect_seconds=_seconds("DB_CONNECT_SECONDS", 3),
            api_url=_required("API_URL").rstrip("/"),
            frontend_url=environ.get("FRONTEND_URL", ""),
            release=environ.get("BERTH_RELEASE") or "development",
        )


def _required(name: str) -> str:
    value = environ.get(name)
    if not value:
        raise SystemExit(f"error: {name} is not set; give it in the environment")
    return value


def _seconds(name: str, default: int) -> int:
    value = environ.get(name) or str(default)
    if not (value.isascii() and value.isdecimal() and int(value) > 0):
        raise SystemExit(f"error: {name} is {value!r}; give a whole number of seconds, at least 1")
    return int(value)
