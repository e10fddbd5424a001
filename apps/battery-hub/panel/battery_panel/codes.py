"""What error codes mean, as the API tells."""

from collections.abc import Mapping
from typing import NamedTuple


class Code(NamedTuple):
    """A code with its meaning; `documented` is false where the wording is Battery Hub's own."""

    code: str
    title: str
    severity: str
    documented: bool


def decode(known: Mapping[str, Code], code: str) -> Code:
    """Return the meaning of a code; an unknown one is a warning of its own name."""
    return known.get(code) or Code(code, f"Unknown error {code}", "warning", documented=False)
