#!/usr/bin/env python3
"""Purpose: turn passwords into the SCRAM-SHA-256 verifiers that PostgreSQL stores, so that no password is
sent to a server in a statement, where a log could keep it.

Inputs: stdin, a JSON object role -> password. Option --existing FILE names a JSON object role -> verifier
(or null); a verifier there that belongs to the password is given back as it is.
Output: stdout, a JSON object role -> verifier.
Exit codes: 64 stdin or the file is not such an object, or a password cannot be used (the role is named).
Safe to run twice: it only computes. Without --existing each run draws another salt.
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import re
import stringprep
import sys
import unicodedata

ITERATIONS = 4096
SALT_BYTES = 16
VERIFIER = re.compile(r"SCRAM-SHA-256\$(\d{1,9}):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)")

# RFC 4013, section 2.3: what may not be in a prepared password.
PROHIBITED = (
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
    stringprep.in_table_a1,
)


def prepared(password: str) -> bytes:
    """The form of a password that client and server hash: SASLprep, or as it is where that refuses it."""
    raw = password.encode()
    if password.isascii():
        return raw
    mapped = "".join(
        " " if stringprep.in_table_c12(character) else character
        for character in password
        if not stringprep.in_table_b1(character)
    )
    text = unicodedata.normalize("NFKC", mapped)
    if not text or any(test(character) for character in text for test in PROHIBITED):
        return raw
    if any(map(stringprep.in_table_d1, text)):
        mixed = any(map(stringprep.in_table_d2, text))
        framed = stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1])
        if mixed or not framed:
            return raw
    return text.encode()


def verifier(password: str, salt: bytes, iterations: int) -> str:
    """What PostgreSQL keeps in pg_authid for the password (RFC 5803)."""
    salted = hashlib.pbkdf2_hmac("sha256", prepared(password), salt, iterations)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    server_key = hmac.digest(salted, b"Server Key", "sha256")
    encoded = [
        base64.b64encode(part).decode()
        for part in (salt, hashlib.sha256(client_key).digest(), server_key)
    ]
    return f"SCRAM-SHA-256${iterations}:{encoded[0]}${encoded[1]}:{encoded[2]}"


def belongs(existing: str, password: str) -> bool:
    """Whether a stored verifier was made from the password."""
    match = VERIFIER.fullmatch(existing)
    if not match:
        return False
    try:
        salt = base64.b64decode(match[2], validate=True)
    except ValueError:
        return False
    return hmac.compare_digest(verifier(password, salt, int(match[1])), existing)


def refusal(password: object) -> str | None:
    """Why a password cannot be used, or None."""
    if not isinstance(password, str) or not password:
        return "it is empty or no text"
    if any(ord(character) < 32 or ord(character) == 127 for character in password):
        return "it holds a line break or another control character, which a password file cannot carry"
    if any(0xD800 <= ord(character) <= 0xDFFF for character in password):
        return "it is not valid Unicode"
    return None


def read_object(text: str, what: str) -> dict[str, object]:
    """A JSON object, or the end of the program. The text is never shown: it holds secrets."""
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        fail(f"{what} is not a JSON object role -> value")
    return value


def fail(message: str) -> None:
    """End with code 64."""
    print(f"error: {message}", file=sys.stderr)
    raise SystemExit(64)


def main() -> None:
    """Read, check everything, then print all verifiers at once."""
    parser = argparse.ArgumentParser(description="SCRAM-SHA-256 verifiers for the passwords on stdin")
    parser.add_argument("--existing", metavar="FILE", help="JSON object role -> verifier to keep")
    arguments = parser.parse_args()

    passwords = read_object(sys.stdin.buffer.read().decode(errors="surrogateescape"), "stdin")
    existing: dict[str, object] = {}
    if arguments.existing:
        with open(arguments.existing, encoding="utf-8") as file:
            existing = read_object(file.read(), "the file of --existing")

    refusals = [f"{role}: {why}" for role, word in passwords.items() if (why := refusal(word))]
    if refusals:
        fail("password cannot be used. " + "; ".join(refusals))

    verifiers = {}
    for role, password in passwords.items():
        kept = existing.get(role)
        if isinstance(kept, str) and belongs(kept, password):
            verifiers[role] = kept
        else:
            verifiers[role] = verifier(password, os.urandom(SALT_BYTES), ITERATIONS)
    print(json.dumps(verifiers))


if __name__ == "__main__":
    main()
