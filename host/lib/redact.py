#!/usr/bin/env python3
"""Purpose: take an application's secrets out of what it prints, before it is shown or kept elsewhere.

Inputs: argument 1, a release's .env; argument 2, a file with the names of its secret variables, one a line; stdin, text.
  Where one of the files is missing there is nothing to take out.
Output: stdout, the text with [secret] for each secret: as it is, each of its longer lines, as a Python or JSON text, as
  part of a URL, in base64.
Exit codes: 0 done.
Safe to run twice: it only reads.
"""

import base64
import json
import re
import sys
import urllib.parse

SHORTEST = 6
LINE = re.compile(r'([A-Za-z_][A-Za-z0-9_]*)="((?:[^"\\]|\\.)*)"', re.DOTALL)
ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


def values(environment: str, names: set[str]) -> list[str]:
    """The values of the secret variables of a .env, which lib/env-file.ts writes."""
    return [
        re.sub(r"\\(.)", lambda found: ESCAPED.get(found[1], found[1]), match[2], flags=re.DOTALL)
        for match in LINE.finditer(environment)
        if match[1] in names
    ]


def forms(value: str) -> list[str]:
    """What a program may make of a value when it prints it."""
    parts = [value, *(line for line in re.split(r"[\r\n]+", value))]
    return [
        form
        for part in parts
        for form in (
            part,
            repr(part)[1:-1],
            json.dumps(part)[1:-1],
            json.dumps(part, ensure_ascii=False)[1:-1],
            urllib.parse.quote(part, safe=""),
            urllib.parse.quote(part, safe="!'()*"),
            urllib.parse.quote_plus(part),
            base64.b64encode(part.encode(errors="surrogateescape")).decode(),
        )
        if len(form) >= SHORTEST and len(part) >= SHORTEST
    ]


def read(path: str) -> str:
    """A file, empty where there is none."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def main() -> None:
    """Read all of it, as a secret may stretch over lines."""
    names = set(read(sys.argv[2]).split())
    secrets = {form for value in values(read(sys.argv[1]), names) for form in forms(value)}
    text = sys.stdin.buffer.read().decode(errors="surrogateescape")
    for form in sorted(secrets, key=len, reverse=True):
        text = text.replace(form, "[secret]")
    sys.stdout.buffer.write(text.encode(errors="surrogateescape"))


main()
