"""Who is calling: the bearer token, checked against the tables at every request."""

from typing import Annotated

from fastapi import Depends, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from battery_hub import tokens
from battery_hub.database import DatabaseSession
from battery_hub.models import Battery, User
from battery_hub.settings import ApiSettings, api_settings

Settings = Annotated[ApiSettings, Depends(api_settings)]
_bearer = HTTPBearer(auto_error=False)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def unauthorized(reason: str) -> HTTPException:
    """Return the answer for a caller who has not proved who they are."""
    return HTTPException(
        status.HTTP_401_UNAUTHORIZED, reason, headers={"WWW-Authenticate": "Bearer"}
    )


def caller(
    credentials: Credentials, database: DatabaseSession, settings: Settings
) -> User | Battery:
    """Return the row of the person or battery; a deleted one's token is worth nothing."""
    if credentials is None:
        raise unauthorized("Log in first.")
    try:
        identity = tokens.read(credentials.credentials, settings)
    except tokens.InvalidToken as problem:
        raise unauthorized("The token is not valid or has expired. Log in again.") from problem
    found: User | Battery | None
    if identity.kind == "user":
        found = database.get(User, identity.id)
    else:
        found = database.get(Battery, identity.id)
    if found is None:
        raise unauthorized("The token's owner no longer exists.")
    return found


Caller = Annotated[User | Battery, Depends(caller)]


def person(who: Caller) -> User:
    """Return the person who is calling; refuses a battery."""
    if not isinstance(who, User):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "A battery may not do this.")
    return who


Person = Annotated[User, Depends(person)]
