"""The meaning of error codes, for programs that show them."""

from fastapi import APIRouter

from battery_hub.authentication import Caller
from battery_hub.error_codes import known_codes
from battery_hub.schemas import DecodedError

router = APIRouter(prefix="/error-codes", tags=["error codes"])


@router.get("")
def list_error_codes(_: Caller) -> list[DecodedError]:
    """List the codes that have a meaning here; another one is a warning of its own name."""
    return [DecodedError.of(known) for known in known_codes()]
