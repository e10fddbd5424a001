"""Login of people and batteries."""

from fastapi import APIRouter, Request
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from battery_hub import tokens
from battery_hub.authentication import Caller, Settings, unauthorized
from battery_hub.database import DatabaseSession
from battery_hub.login_limit import client_address, record_failure, refuse_when_exceeded
from battery_hub.models import Battery, User
from battery_hub.schemas import BatteryLoginRequest, LoginRequest, MeAnswer, TokenAnswer
from battery_hub.settings import ApiSettings

router = APIRouter(prefix="/auth", tags=["login"])


@router.post("/login")
def log_in(
    login: LoginRequest, request: Request, database: DatabaseSession, settings: Settings
) -> TokenAnswer:
    """Log in as the admin, whose name and password come from the deployment."""
    address = client_address(request)
    refuse_when_exceeded(database, address)
    # Both are compared, always: the time of the answer does not tell which was wrong.
    name_matches = tokens.same_text(login.username, settings.admin_username)
    if not (
        tokens.same_text(login.password, settings.admin_password.get_secret_value())
        and name_matches
    ):
        record_failure(database, address)
        raise unauthorized("The user name or the password is wrong.")
    return _answer(tokens.Identity("user", _admin_row(database, settings)), settings)


@router.post("/battery-login")
def log_in_battery(
    login: BatteryLoginRequest, request: Request, database: DatabaseSession, settings: Settings
) -> TokenAnswer:
    """Log in as a battery, with the secret told when it was made."""
    address = client_address(request)
    refuse_when_exceeded(database, address)
    battery = database.get(Battery, login.battery_id)
    given = tokens.hash_battery_secret(login.battery_secret)
    if not tokens.same_text(given, battery.secret_hash if battery else "") or battery is None:
        record_failure(database, address)
        raise unauthorized("The battery or its secret is wrong.")
    return _answer(tokens.Identity("battery", battery.id), settings)


@router.get("/me")
def me(who: Caller) -> MeAnswer:
    """Tell whom the token belongs to."""
    if isinstance(who, User):
        return MeAnswer(kind="user", id=who.id, name=who.username)
    return MeAnswer(kind="battery", id=who.id, name=who.name)


def _answer(identity: tokens.Identity, settings: ApiSettings) -> TokenAnswer:
    return TokenAnswer(
        access_token=tokens.issue(identity, settings),
        expires_in=int(tokens.token_lifetime(identity.kind, settings).total_seconds()),
    )


def _admin_row(database: Session, settings: ApiSettings) -> int:
    """Return the admin's row, made at the first login: notifications and tokens refer to it."""
    database.execute(
        insert(User)
        .values(username=settings.admin_username, email=settings.admin_email)
        .on_conflict_do_update(index_elements=[User.username], set_={"email": settings.admin_email})
    )
    return database.scalars(select(User.id).where(User.username == settings.admin_username)).one()
