"""The live-data webhook. A battery calls it with its token, a hub with a signature."""

import hashlib
import hmac
import time
from typing import Annotated

from fastapi import APIRouter, Depends, Header, HTTPException, Request, status

from battery_hub import live_data
from battery_hub.authentication import Credentials, Settings, caller, unauthorized
from battery_hub.database import DatabaseSession
from battery_hub.error_codes import decode
from battery_hub.models import Battery
from battery_hub.schemas import Report, ReportAnswer

SIGNATURE_AGE_SECONDS = 300

router = APIRouter(prefix="/webhook", tags=["webhook"])


async def _body(request: Request) -> bytes:
    return await request.body()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what a hub sends as X-Webhook-Signature for a body sent at `timestamp` (Unix time)."""
    signed = timestamp.encode() + b"." + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def sender(  # noqa: PLR0913, PLR0917  FastAPI fills them in
    credentials: Credentials,
    database: DatabaseSession,
    settings: Settings,
    body: Annotated[bytes, Depends(_body)],
    x_webhook_signature: Annotated[str | None, Header()] = None,
    x_webhook_timestamp: Annotated[str, Header()] = "",
) -> Battery | None:
    """Return the battery that sends, or none when it is a hub, which may name any battery."""
    if x_webhook_signature is None:
        who = caller(credentials, database, settings)
        if not isinstance(who, Battery):
            raise HTTPException(status.HTTP_403_FORBIDDEN, "Only batteries and hubs send this.")
        return who
    expected = signature(settings.webhook_secret.get_secret_value(), x_webhook_timestamp, body)
    if not hmac.compare_digest(x_webhook_signature.encode(), expected.encode()):
        raise unauthorized("The signature does not match the body and the timestamp.")
    sent = int(x_webhook_timestamp) if x_webhook_timestamp.isdecimal() else 0
    if abs(time.time() - sent) > SIGNATURE_AGE_SECONDS:
        raise unauthorized("The signature is older than five minutes, or from the future.")
    return None


@router.post("/live-data", status_code=status.HTTP_201_CREATED)
def receive(
    report: Report,
    database: DatabaseSession,
    sending: Annotated[Battery | None, Depends(sender)],
) -> ReportAnswer:
    """Store a report; each error that is new causes a notification."""
    if sending is not None and report.battery_id not in {None, sending.id}:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "A battery reports only for itself.")
    battery = sending
    if battery is None:
        if report.battery_id is None:
            raise HTTPException(
                status.HTTP_422_UNPROCESSABLE_CONTENT, "A hub has to send battery_id."
            )
        battery = database.get(Battery, report.battery_id)
    if battery is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, f"No battery {report.battery_id}.")
    row, notifications = live_data.record(database, battery, report)
    return ReportAnswer(
        id=row.id,
        battery_id=battery.id,
        errors=[known.code for known in decode(report.err)],
        notifications=notifications,
    )
