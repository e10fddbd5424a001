"""The JSON that the API takes and gives."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from battery_hub.error_codes import ErrorCode, Severity

# Clocks of batteries may be ahead a little.
CLOCK_TOLERANCE = timedelta(minutes=5)


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain a NUL character")
    return text


def _not_ahead(time: datetime) -> datetime:
    if time > datetime.now(UTC) + CLOCK_TOLERANCE:
        raise ValueError("must not be in the future")
    return time


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    AfterValidator(_without_nul),
]
RowId = Annotated[int, Field(gt=0, le=2**31 - 1)]
BigRowId = Annotated[int, Field(gt=0, le=2**63 - 1)]
Measurement = Annotated[float, Field(allow_inf_nan=False)]


class Row(BaseModel):
    """Base of what is read from a table's row."""

    model_config = ConfigDict(from_attributes=True)


class LoginRequest(BaseModel):
    """A person's login."""

    username: str
    password: str


class BatteryLoginRequest(BaseModel):
    """A battery's login."""

    battery_id: RowId
    battery_secret: str


class TokenAnswer(BaseModel):
    """A token and the seconds until it expires."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int


class MeAnswer(BaseModel):
    """Whom the token belongs to."""

    kind: Literal["user", "battery"]
    id: int
    name: str


class Report(BaseModel):
    """A battery's live data. `battery_id` may be left out where the token tells it."""

    model_config = ConfigDict(extra="forbid")

    battery_id: RowId | None = None
    recorded_at: Annotated[AwareDatetime, AfterValidator(_not_ahead)] | None = None
    state_of_charge: Annotated[Measurement, Field(ge=0, le=100)] | None = None
    voltage: Measurement | None = None
    current: Measurement | None = None
    temperature: Measurement | None = None
    err: Annotated[str, Field(max_length=255), AfterValidator(_without_nul)] | None = None


class ReportAnswer(BaseModel):
    """What became of a report."""

    id: int
    battery_id: int
    errors: list[str]
    notifications: int


class DecodedError(BaseModel):
    """An error code with its meaning."""

    code: str
    title: str
    severity: Severity
    documented: bool

    @classmethod
    def of(cls, known: ErrorCode) -> "DecodedError":
        """Return the JSON form of a decoded code."""
        return cls(**known._asdict())


class LatestData(BaseModel):
    """The time of a battery's newest report, and each measurement's newest value with its time.

    What the newest report leaves out is taken from those of the 24 hours before it.
    """

    recorded_at: datetime
    state_of_charge: float | None = None
    voltage: float | None = None
    current: float | None = None
    temperature: float | None = None
    measured_at: dict[str, datetime]


class BatteryAnswer(BaseModel):
    """A battery as lists and its own page show it."""

    id: int
    name: str
    hub_id: int
    hub_name: str
    status: Literal["online", "offline", "never seen"]
    last_seen_at: datetime | None
    latest: LatestData | None
    errors: list[DecodedError]


class ErrorRecord(BaseModel):
    """A report with errors, as the error history shows it."""

    id: int
    recorded_at: datetime
    err: str
    errors: list[DecodedError]


class NotificationAnswer(Row):
    """A message of the bell; `created_at` is when what it tells happened, not when it arrived."""

    id: int
    hub_id: int
    user_id: int | None
    notification_type: str
    title: str
    message: str
    severity: str
    is_read: bool
    link_type: str | None
    link_id: int | None
    created_at: datetime


class BellAnswer(BaseModel):
    """The bell: how many are unread, and the newest messages."""

    unread: int
    items: list[NotificationAnswer]


class HubRequest(BaseModel):
    """A hub to be made. A synthetic one is left out of lists; checks make and remove it."""

    name: Name
    is_synthetic: bool = False


class HubAnswer(Row):
    """A hub."""

    id: int
    name: str
    is_synthetic: bool


class BatteryRequest(BaseModel):
    """A battery to be made."""

    hub_id: RowId
    name: Name


class BatteryMadeAnswer(BaseModel):
    """A new battery, with the secret that is told this once."""

    id: int
    hub_id: int
    name: str
    battery_secret: str


class HealthAnswer(BaseModel):
    """Whether the API can work; `version` is the release, `revision` the database's schema."""

    status: Literal["ok", "error"]
    version: str
    revision: str | None
    database: Literal["ok", "unreachable", "not migrated"]
