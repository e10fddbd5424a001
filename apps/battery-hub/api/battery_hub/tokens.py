"""JSON Web Tokens of people and batteries, and the comparison of secrets."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import jwt

from battery_hub.settings import ApiSettings

Kind = Literal["user", "battery"]


@dataclass(frozen=True)
class Identity:
    """Who a token speaks for: the row `id` of table users or batteries."""

    kind: Kind
    id: int


class InvalidToken(Exception):
    """The token is malformed, expired, or signed by a key that is not ours."""


def same_text(given: str, expected: str) -> bool:
    """Compare two texts in a time that tells nothing about where they differ."""
    return hmac.compare_digest(given.encode(), expected.encode())


def hash_battery_secret(secret: str) -> str:
    """Return what is stored of a battery's secret: 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_lifetime(kind: Kind, settings: ApiSettings) -> timedelta:
    """Return how long a token of this kind is valid."""
    hours = {
        "user": settings.user_token_expire_hours,
        "battery": settings.battery_token_expire_hours,
    }
    return timedelta(hours=hours[kind])


def issue(identity: Identity, settings: ApiSettings) -> str:
    """Return a signed token for the identity."""
    now = datetime.now(UTC)
    claims = {
        "sub": str(identity.id),
        "kind": identity.kind,
        "iat": now,
        "exp": now + token_lifetime(identity.kind, settings),
    }
    return jwt.encode(claims, settings.secret_key.get_secret_value(), settings.algorithm)


def read(token: str, settings: ApiSettings) -> Identity:
    """Return whom a token was issued to; the previous key is good for reading only."""
    keys = [settings.secret_key]
    if settings.secret_key_previous is not None:
        keys.append(settings.secret_key_previous)
    for key in keys:
        try:
            claims = jwt.decode(
                token,
                key.get_secret_value(),
                algorithms=[settings.algorithm],
                options={"require": ["sub", "kind", "exp"]},
            )
        except jwt.InvalidSignatureError:
            continue
        except jwt.InvalidTokenError as problem:
            raise InvalidToken from problem
        return _identity(claims)
    raise InvalidToken


def _identity(claims: dict[str, object]) -> Identity:
    kind, subject = claims["kind"], claims["sub"]
    if kind not in {"user", "battery"} or not (isinstance(subject, str) and subject.isdecimal()):
        raise InvalidToken
    return Identity(kind, int(subject))
