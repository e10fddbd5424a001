import json
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from battery_hub.cron import heartbeat, jobs
from battery_hub.cron.__main__ import run
from battery_hub.settings import CronSettings
from tests.conftest import Call
from tests.postgres import Postgres

SETTINGS = CronSettings()


@pytest.fixture
def database(clean: Engine, postgres: Postgres) -> Engine:
    assert clean
    return postgres.engine("api_user")


def in_transaction(engine: Engine, job: jobs.Job, settings: CronSettings = SETTINGS) -> int:
    with Session(engine) as session, session.begin():
        return job(session, settings)


def execute(engine: Engine, statement: str) -> list[tuple[object, ...]]:
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


def test_a_silent_battery_goes_offline_once_and_comes_back(
    call: Call, make_battery: Call, admin: str, database: Engine
) -> None:
    battery = make_battery("B1")
    of_a_check = make_battery("B2", "synthetic", is_synthetic=True)
    for reporting in (battery, of_a_check):
        call("POST", "/webhook/live-data", 201, reporting["token"], json={})
    assert in_transaction(database, jobs.mark_offline) == 0
    execute(database, "UPDATE batteries SET last_seen_at = now() - interval '16 minutes'")
    assert [in_transaction(database, jobs.mark_offline) for _ in range(2)] == [1, 0]
    assert call("GET", "/batteries", token=admin)[0]["status"] == "offline"
    item = call("GET", "/notifications", token=admin)["items"][0]
    assert (item["notification_type"], item["title"]) == ("battery_offline", "B1 is offline")
    call("POST", "/webhook/live-data", 201, battery["token"], json={})
    assert call("GET", "/batteries", token=admin)[0]["status"] == "online"


def test_statistics_follow_the_data(call: Call, make_battery: Call, database: Engine) -> None:
    token = make_battery("B1")["token"]
    # Of one moment, so that no midnight is between them.
    at = {"recorded_at": datetime.now(UTC).isoformat()}
    for report in (
        {"state_of_charge": 40, "err": "TG"},
        {"state_of_charge": 90, "temperature": 30},
    ):
        call("POST", "/webhook/live-data", 201, token, json=at | report)
        in_transaction(database, jobs.aggregate_statistics)
    counted = execute(
        database,
        "SELECT reports, errors, state_of_charge_min, state_of_charge_max, temperature_max"
        " FROM battery_daily_statistics",
    )
    assert counted == [(2, 1, 40.0, 90.0, 30.0)]


def test_prunes_what_is_old(make_battery: Call, database: Engine) -> None:
    make_battery("B1")
    make_battery("left by a check", "synthetic", is_synthetic=True)
    make_battery("of a running check", "fresh", is_synthetic=True)
    execute(
        database, "UPDATE hubs SET created_at = now() - interval '2 hours' WHERE name <> 'fresh'"
    )
    for days in (1, 401):
        execute(
            database,
            "INSERT INTO livedata (battery_id, recorded_at)"
            f" VALUES (1, now() - interval '{days} days')",
        )
    for read in ("true", "false"):
        execute(
            database,
            "INSERT INTO notifications (hub_id, notification_type, title, message, severity,"
            " is_read, created_at)"
            f" VALUES (1, 't', 't', 'm', 'info', {read}, now() - interval '91 days')",
        )
    assert in_transaction(database, jobs.prune) == 3
    assert execute(database, "SELECT name FROM hubs ORDER BY id") == [("Harbour",), ("fresh",)]
    assert execute(database, "SELECT count(*) FROM livedata") == [(1,)]
    assert execute(database, "SELECT is_read FROM notifications") == [(False,)]


def test_a_failing_job_makes_the_service_unhealthy_until_it_succeeds(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert environment
    path = tmp_path / "beat"
    beat = heartbeat.Heartbeat(path)
    assert heartbeat.problem(path) == "no job has run yet"

    def breaking(_: Session, __: CronSettings) -> int:
        raise RuntimeError("no")

    run(breaking, SETTINGS, beat)
    run(jobs.prune, SETTINGS, beat)
    assert heartbeat.problem(path) == "failing: breaking"
    beat.succeeded("breaking")
    assert heartbeat.problem(path) is None
    path.write_text(json.dumps({"at": time.time() - 181, "failing": []}))
    assert re.fullmatch(r"the last run was \d+ seconds ago", heartbeat.problem(path) or "")


def test_jobs_that_end_at_once_leave_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "beat"
    beat = heartbeat.Heartbeat(path)
    names = [f"job {number:03}" for number in range(500)]
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(beat.failed, names))
        assert json.loads(path.read_text())["failing"] == names
        list(threads.map(beat.succeeded, names))
    assert heartbeat.problem(path) is None


def test_the_service_runs_its_jobs_and_stops_on_sigterm(environment: pytest.MonkeyPatch) -> None:
    assert environment
    module = [sys.executable, "-m", "battery_hub.cron"]
    with subprocess.Popen(module, stderr=subprocess.PIPE, text=True) as service:
        assert service.stderr is not None
        seen: set[str] = set()
        while len(seen) < 3:
            line = service.stderr.readline()
            assert line, "the service ended"
            seen.add(line.split()[2])
        assert seen == {"mark_offline:", "aggregate_statistics:", "prune:"}
        health = subprocess.run([sys.executable, "-m", "battery_hub.cron.heartbeat"], check=False)
        service.send_signal(signal.SIGTERM)
        assert (service.wait(300), health.returncode) == (0, 0)
