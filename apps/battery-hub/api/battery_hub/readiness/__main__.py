"""`python -m battery_hub.readiness`: uses a deployed Battery Hub and says what works.

  --only https       leaves out the checks that need the database's DB_* variables
  --password-stdin   takes the admin's password from stdin instead of ADMIN_PASSWORD

Check 1, that all containers run and are healthy, is seen from their host only. Exit codes: 0 all is
well, 1 a check failed, 2 an argument or a variable is wrong. It removes what it makes.
"""

import argparse
import signal
import sys
from collections.abc import Callable
from functools import partial

from pydantic import SecretStr, ValidationError
from sqlalchemy import create_engine, pool

from battery_hub.readiness import database_checks, https_checks
from battery_hub.readiness.https import CheckFailed, HttpsClient
from battery_hub.readiness.session import Session
from battery_hub.readiness.settings import ReadinessSettings
from battery_hub.settings import DatabaseSettings

Check = Callable[[Session], None]

TOTAL = 13
CHECKS: dict[int, tuple[str, Check]] = {
    2: ("migrations are done", database_checks.migrations_done),
    3: ("livedata.err is VARCHAR(255)", database_checks.err_column),
    4: ("notifications has its columns and index", database_checks.notifications_table),
    5: ("/health answers", https_checks.health_answers),
    6: ("the frontend loads on the main domain", https_checks.frontend_loads),
    7: ("the certificates are valid", https_checks.certificates_valid),
    8: ("admin and battery can log in", https_checks.logins_work),
    9: ("the webhook accepts an error", https_checks.webhook_accepts),
    10: ("the error is in the database", database_checks.error_stored),
    11: ("a notification is created", database_checks.notification_created),
    12: ("the error history shows it", https_checks.history_shows_error),
    13: ("the bell shows it", https_checks.bell_shows_notification),
}
NEED_DATABASE = {2, 3, 4, 10, 11}


def run(session: Session, numbers: list[int]) -> bool:
    """Run the checks in order, a line each; returns whether all went well."""
    well = True
    try:
        for number in numbers:
            name, check = CHECKS[number]
            well &= report(f"{number}/{TOTAL} {name}", partial(check, session))
    finally:
        removed = report("the synthetic hub is removed", session.remove_synthetic, quiet=True)
    return well and removed


def report(name: str, check: Callable[[], None], *, quiet: bool = False) -> bool:
    """Run one check and print how it went."""
    try:
        check()
    except CheckFailed as failure:
        print(f"FAIL {name}: {failure}", flush=True)
        return False
    except (KeyError, IndexError, TypeError) as surprise:
        print(f"FAIL {name}: unexpected answer, {surprise!r} in it", flush=True)
        return False
    if not quiet:
        print(f"ok   {name}", flush=True)
    return True


def main() -> int:
    """Read arguments and environment, and run."""
    parser = argparse.ArgumentParser(prog="python -m battery_hub.readiness")
    parser.add_argument("--only", choices=["https"], help="leave out what needs the database")
    parser.add_argument("--password-stdin", action="store_true", help="read the admin's password")
    arguments = parser.parse_args()
    # A stop signal must not leave the synthetic hub behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        settings = ReadinessSettings()
        engine = None
        if arguments.only is None:
            engine = create_engine(DatabaseSettings().url(), poolclass=pool.NullPool)
    except ValidationError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    if arguments.password_stdin:
        password = SecretStr(sys.stdin.readline().rstrip("\r\n"))
        settings = settings.model_copy(update={"admin_password": password})
    session = Session(settings, HttpsClient(settings.berth_check_address), engine)
    numbers = [n for n in CHECKS if engine is not None or n not in NEED_DATABASE]
    return 0 if run(session, numbers) else 1


if __name__ == "__main__":
    sys.exit(main())
