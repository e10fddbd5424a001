"""Settings, read from the environment once; nothing else in the package reads it."""

from functools import cache
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL


class EnvironmentSettings(BaseSettings):
    """Base of all settings: a wrong value is named in the error, never shown."""

    model_config = SettingsConfigDict(
        frozen=True, hide_input_in_errors=True, env_ignore_empty=True, extra="ignore"
    )


class DatabaseSettings(EnvironmentSettings):
    """Where the database is and which role to be there."""

    db_host: str
    db_port: int = 5432
    db_name: str
    db_user: str
    db_password: SecretStr
    db_sslmode: Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] = (
        "prefer"
    )
    db_sslrootcert: str | None = None
    db_connect_seconds: int = Field(default=3, gt=0)

    def url(self) -> URL:
        """Return the connection URL; its parts are quoted, whatever characters they hold."""
        # A database that vanished is noticed in seconds, not after the system's quarter of an hour.
        query = {
            "connect_timeout": str(self.db_connect_seconds),
            "tcp_user_timeout": "10000",
            "keepalives_idle": "30",
            "sslmode": self.db_sslmode,
        }
        if self.db_sslrootcert is not None:
            query["sslrootcert"] = self.db_sslrootcert
        return URL.create(
            "postgresql+psycopg",
            username=self.db_user,
            password=self.db_password.get_secret_value(),
            host=self.db_host,
            port=self.db_port,
            database=self.db_name,
            query=query,
        )


class ApiSettings(EnvironmentSettings):
    """What the API needs besides the database."""

    secret_key: SecretStr = Field(min_length=32)
    secret_key_previous: SecretStr | None = None
    webhook_secret: SecretStr = Field(min_length=16)
    algorithm: Literal["HS256", "HS384", "HS512"] = "HS256"
    user_token_expire_hours: int = Field(default=24, gt=0)
    battery_token_expire_hours: int = Field(default=8760, gt=0)
    admin_username: str = Field(min_length=1)
    admin_password: SecretStr = Field(min_length=12)
    admin_email: str = ""
    cors_origins: str = ""
    frontend_url: str = ""
    panel_url: str = ""
    debug: bool = False
    environment: str = "production"
    berth_release: str = "development"

    def origins(self) -> list[str]:
        """Return the origins that browsers may call the API from."""
        return [origin.strip() for origin in self.cors_origins.split(",") if origin.strip()]


class CronSettings(EnvironmentSettings):
    """Limits of the scheduled jobs."""

    offline_after_minutes: int = Field(default=15, gt=0)
    livedata_keep_days: int = Field(default=400, gt=1)
    notification_keep_days: int = Field(default=90, gt=0)


@cache
def database_settings() -> DatabaseSettings:
    """Return the database settings of this process."""
    return DatabaseSettings()


@cache
def api_settings() -> ApiSettings:
    """Return the API settings of this process."""
    return ApiSettings()
