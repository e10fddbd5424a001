import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.ports import free_port

CONFIGURATION = Path(__file__).parents[1] / "gunicorn.conf.py"
# Answers with whom it takes the caller for, and the process that read it.
APPLICATION = """
import os

MADE_BY = os.getpid()


async def application(scope, receive, send):
    if scope["type"] == "http":
        body = f"{scope['client'][0]} {scope['scheme']} {MADE_BY}".encode()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})
"""


type Served = tuple[int, subprocess.Popen[bytes]]


def answer(port: int, **headers: str) -> tuple[list[str], dict[str, str]]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=300)) as connection:
        connection.request("GET", "/", headers=sent)
        response = connection.getresponse()
        got = {name.lower(): value for name, value in response.getheaders()}
        return response.read().decode().split(), got


def four_workers_of(server: subprocess.Popen[bytes], but: str = "") -> list[str]:
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    for _ in range(600):
        workers = children.read_text().split()
        if len(workers) == 4 and but not in workers:
            return workers
        time.sleep(0.1)
    raise AssertionError(f"the workers are {workers}")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "echo.py").write_text(APPLICATION)
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", str(CONFIGURATION)]
    environment = {**os.environ, "PYTHONPATH": f"{folder}:{CONFIGURATION.parent}"}
    log = folder / "log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}", "echo:application"],
            env=environment,
            stderr=output,
        ) as server,
    ):
        try:
            for _ in range(600):
                assert server.poll() is None, log.read_text()
                try:
                    answer(port)
                    break
                except OSError:
                    time.sleep(0.1)
            yield port, server
        finally:
            server.terminate()
            assert server.wait(300) == 0


def test_the_address_of_a_client_is_believed_from_the_proxy(served: Served) -> None:
    body, _ = answer(served[0], X_Forwarded_For="198.51.100.7", X_Forwarded_Proto="https")
    assert body[:2] == ["198.51.100.7", "https"]


def test_answers_do_not_name_the_server(served: Served) -> None:
    _, headers = answer(served[0])
    assert "server" not in headers


def test_the_application_is_read_once_for_all_workers(served: Served) -> None:
    port, server = served
    assert {answer(port)[0][2] for _ in range(20)} == {str(server.pid)}


def test_a_worker_that_dies_is_replaced(served: Served) -> None:
    port, server = served
    killed = four_workers_of(server)[0]
    os.kill(int(killed), signal.SIGKILL)
    four_workers_of(server, but=killed)
    assert answer(port)[0][0] == "127.0.0.1"
