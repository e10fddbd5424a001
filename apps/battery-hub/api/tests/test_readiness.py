import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse
from sqlalchemy import Engine, text
from starlette.types import ASGIApp, Receive, Scope, Send

from battery_hub.app import create_app
from tests.conftest import ADMIN_PASSWORD

DOMAINS = {"MAIN": "hub.test", "API": "api.hub.test", "PANEL": "panel.hub.test"}
type Ready = Callable[..., tuple[int, list[str]]]


class Site:
    """Serves the API by its name, and stand-ins for the pages of the two other services."""

    def __init__(self, port: int) -> None:
        self.api: ASGIApp = create_app()
        self.pages = FastAPI()
        settings = {"apiUrl": f"https://api.hub.test:{port}"}
        self.pages.get("/")(lambda: HTMLResponse("<title>Battery Hub</title>"))
        self.pages.get("/settings.json")(lambda: settings)
        self.pages.get("/health")(_healthy)
        self.seen: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.api(scope, receive, send)
            return
        host = Request(scope).headers["host"]
        self.seen.add(host)
        app = self.api if host.startswith("api.") else self.pages
        await app(scope, receive, send)


def _healthy() -> dict[str, str]:
    return {"status": "ok"}


@pytest.fixture
def serve(environment: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., Ready]]:
    assert environment
    with contextlib.ExitStack() as stack:

        def serving(*, days: int = 30, names: tuple[str, ...] = tuple(DOMAINS.values())) -> Ready:
            authority = trustme.CA()
            authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
            now = datetime.now(UTC)
            issued = authority.issue_cert(
                *names, not_before=now - timedelta(days=60), not_after=now + timedelta(days=days)
            )
            issued.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "server.pem"))
            port = stack.enter_context(_running(tmp_path / "server.pem"))
            return lambda *arguments, **more: _readiness(port, tmp_path, arguments, more)

        yield serving


@contextlib.contextmanager
def _running(certificate: Path) -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    port: int = listening.getsockname()[1]
    site = Site(port)
    server = uvicorn.Server(
        uvicorn.Config(site, ssl_certfile=certificate, log_level="warning", lifespan="off")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield port
        # The names travelled as Host, with the port, though the connection went elsewhere.
        assert site.seen <= {f"{domain}:{port}" for domain in DOMAINS.values()}
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def _readiness(
    port: int, folder: Path, arguments: tuple[str, ...], more: dict[str, str]
) -> tuple[int, list[str]]:
    given = more.pop("stdin", "")
    environment = {
        **os.environ,
        "SSL_CERT_FILE": str(folder / "ca.pem"),
        "BERTH_CHECK_ADDRESS": f"127.0.0.1:{port}",
        **{f"{key}_DOMAIN": domain for key, domain in DOMAINS.items()},
        "FRONTEND_URL": f"https://hub.test:{port}",
        "API_URL": f"https://api.hub.test:{port}",
        "PANEL_URL": f"https://panel.hub.test:{port}",
        **more,
    }
    done = subprocess.run(
        [sys.executable, "-m", "battery_hub.readiness", *arguments],
        env={name: value for name, value in environment.items() if value},
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ADMIN_PASSWORD not in done.stdout + done.stderr
    return done.returncode, (done.stdout + done.stderr).splitlines()


def left_behind(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM hubs")) or 0


def test_all_is_well_and_nothing_is_left(serve: Callable[..., Ready], clean: Engine) -> None:
    status, lines = serve()()
    assert (status, [line.split()[:2] for line in lines]) == (
        0,
        [["ok", f"{number}/13"] for number in range(2, 14)],
    )
    assert left_behind(clean) == 0


def test_from_outside_only_https_with_the_password_on_stdin(
    serve: Callable[..., Ready], clean: Engine
) -> None:
    outside = {"DB_HOST": "", "DB_PASSWORD": "", "ADMIN_PASSWORD": ""}
    ready = serve()
    status, lines = ready("--only", "https", "--password-stdin", stdin=ADMIN_PASSWORD, **outside)
    assert status == 0, lines
    assert [line.split()[1] for line in lines] == [f"{n}/13" for n in (5, 6, 7, 8, 9, 12, 13)]
    assert left_behind(clean) == 0


@pytest.mark.parametrize(
    ("statement", "undo", "failed"),
    [
        (
            "ALTER TABLE livedata ALTER err TYPE varchar(200)",
            "ALTER TABLE livedata ALTER err TYPE varchar(255)",
            [3],
        ),
        (
            "DROP INDEX ix_notifications_hub_id_is_read",
            "CREATE INDEX ix_notifications_hub_id_is_read ON notifications (hub_id, is_read)",
            [4],
        ),
        (
            "UPDATE alembic_version SET version_num = '0005'",
            "UPDATE alembic_version SET version_num = '0006'",
            [2],
        ),
        (
            "REVOKE INSERT ON notifications FROM api_user",
            "GRANT INSERT ON notifications TO api_user",
            [9, 10, 11, 12, 13],
        ),
    ],
)
def test_says_what_is_wrong_in_the_database(
    serve: Callable[..., Ready], clean: Engine, statement: str, undo: str, failed: list[int]
) -> None:
    with clean.begin() as connection:
        connection.execute(text(statement))
    try:
        status, lines = serve()()
    finally:
        with clean.begin() as connection:
            connection.execute(text(undo))
    assert status == 1
    wrong = [line.split()[1] for line in lines if line.startswith("FAIL")]
    assert wrong == [f"{number}/13" for number in failed], lines
    assert left_behind(clean) == 0


def test_a_certificate_about_to_expire_is_a_failure(serve: Callable[..., Ready]) -> None:
    status, lines = serve(days=6)()
    assert status == 1
    assert [line for line in lines if line.startswith("FAIL")] == [
        "FAIL 7/13 the certificates are valid: the certificate of hub.test expires in 6.0 days"
    ]


def test_a_certificate_without_a_name_is_a_failure(serve: Callable[..., Ready]) -> None:
    status, lines = serve(names=("hub.test", "api.hub.test"))()
    wrong = [line.split()[1] for line in lines if line.startswith("FAIL")]
    # The panel's health goes over the same name.
    assert (status, wrong) == (1, ["5/13", "7/13"]), lines


def test_a_wrong_password_fails_what_needs_it(serve: Callable[..., Ready]) -> None:
    status, lines = serve()("--password-stdin", stdin="wrong")
    assert status == 1
    wrong = [line.split()[1] for line in lines if line.startswith("FAIL")]
    assert wrong == [f"{number}/13" for number in range(8, 14)], lines


def test_another_release_is_a_failure(serve: Callable[..., Ready]) -> None:
    status, lines = serve()(BERTH_RELEASE="ba9876543210")
    assert status == 1
    assert any("release 0123456789ab instead of ba9876543210" in line for line in lines)


def test_refuses_addresses_without_https(serve: Callable[..., Ready]) -> None:
    status, lines = serve()(API_URL="http://api.hub.test")
    assert status == 2
    assert "http://api.hub.test is not an https:// URL" in "\n".join(lines)
