"""What the error codes of batteries mean."""

import re
from typing import Literal, NamedTuple

Severity = Literal["info", "warning", "critical"]


class ErrorCode(NamedTuple):
    """A code with its meaning; `documented` is false where the code is Battery Hub's own."""

    code: str
    title: str
    severity: Severity
    documented: bool


# TG and CBL are the only codes that the devices' documents name. They give no wording:
# the titles, and the other codes, are ours.
_KNOWN = {
    known.code: known
    for known in (
        ErrorCode("TG", "Temperature out of range", "critical", documented=True),
        ErrorCode("CBL", "Cable fault", "warning", documented=True),
        ErrorCode("LOW", "Charge very low", "warning", documented=False),
        ErrorCode("OVC", "Current too high", "critical", documented=False),
        ErrorCode("COM", "Communication with the cells lost", "warning", documented=False),
    )
}


def decode(err: str | None) -> list[ErrorCode]:
    """Return the codes of a report's `err`, e.g. `TG` or `TG,CBL`, each once, unknown ones too."""
    codes = dict.fromkeys(part.upper() for part in re.split(r"[,;\s]+", err or "") if part)
    return [_KNOWN.get(code) or _unknown(code) for code in codes]


def known_codes() -> list[ErrorCode]:
    """Return the codes whose meaning is known."""
    return list(_KNOWN.values())


def _unknown(code: str) -> ErrorCode:
    return ErrorCode(code, f"Unknown error {code}", "warning", documented=False)
