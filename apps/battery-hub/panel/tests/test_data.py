from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient

from battery_panel import charts
from battery_panel.dashboard import CHARTS
from battery_panel.queries import BatteryDay, Database, ErrorDay
from tests.conftest import LOGIN, Seeded

type Make = Callable[..., Seeded]


def test_reads_the_period_and_the_battery_that_are_asked_for(
    database: Database, make_battery: Make
) -> None:
    battery, _ = make_battery(), make_battery()
    day = database.measurements(1, battery.id)
    assert [(p.battery, p.state_of_charge, p.voltage) for p in day] == [(battery.name, 50.0, 48.0)]
    week = database.measurements(7, battery.id)
    assert [point.state_of_charge for point in week] == [10.0, 50.0]
    assert {point.battery for point in database.measurements(1, None)} > {battery.name}
    errors = [(error.err, error.reports) for error in database.errors(7, battery.id)]
    assert errors == [("CBL", 1), ("LOW", 1), ("TG", 1)]
    assert [error.err for error in database.errors(1, battery.id)] == ["TG"]


def test_counts_the_fleet(database: Database, make_battery: Make) -> None:
    before = database.fleet(1)
    make_battery()
    after = database.fleet(1)
    assert after.batteries - before.batteries == 1
    assert after.online - before.online == 1
    assert after.errors - before.errors == 1


def test_synthetic_hubs_are_never_seen(database: Database, make_battery: Make) -> None:
    before = database.fleet(7)
    battery = make_battery(is_synthetic=True)
    assert database.fleet(7) == before
    assert battery.id not in {known.id for known in database.batteries()}
    assert database.measurements(7, battery.id) == []
    assert database.errors(7, battery.id) == []
    assert database.days(7, battery.id) == []


def test_can_only_read(database: Database) -> None:
    with database._connect() as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.commit()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM hubs")


def test_the_dashboard_fills_its_charts(visitor: FlaskClient, make_battery: Make) -> None:
    battery = make_battery()
    visitor.post("/login", data=LOGIN)
    answer = visitor.post("/_dash-update-component", json=_request(visitor, 7, battery.id))
    assert answer.status_code == 200, answer.text
    filled = answer.get_json()["response"]
    assert set(CHARTS) < set(filled)
    line = filled["charge"]["figure"]["data"][0]
    assert line["name"] == battery.name
    names = [bar["name"] for bar in filled["errors"]["figure"]["data"]]
    assert names == ["CBL", "LOW", "TG"]
    assert battery.id in [choice["value"] for choice in filled["battery"]["options"]]


def _request(visitor: FlaskClient, days: int, battery: int) -> dict[str, Any]:
    (callback,) = visitor.get("/_dash-dependencies").get_json()
    outputs = [
        dict(zip(("id", "property"), part.rsplit(".", 1), strict=True))
        for part in callback["output"].strip(".").split("...")
    ]
    values = {"period": days, "battery": battery, "refresh": 0}
    inputs = [known | {"value": values[known["id"]]} for known in callback["inputs"]]
    return {
        "output": callback["output"],
        "outputs": outputs,
        "inputs": inputs,
        "changedPropIds": ["period.value"],
    }


def test_an_unknown_period_is_a_day(visitor: FlaskClient) -> None:
    visitor.post("/login", data=LOGIN)
    body = _request(visitor, 10**9, 0)
    assert visitor.post("/_dash-update-component", json=body).status_code == 200


def test_empty_charts_say_so() -> None:
    for figure in (charts.course([], "voltage", "V"), charts.errors([]), charts.ranges([])):
        assert figure.layout.annotations[0].text == "No data in this period"


def test_ranges_run_from_lowest_to_highest() -> None:
    today = datetime.now(UTC).date()
    days = [
        BatteryDay("B", today - timedelta(days=1), 20.0, 90.0),
        BatteryDay("B", today, 50.0, 50.0),
        BatteryDay("C", today, None, None),
    ]
    figure = charts.ranges(days)
    assert [bar.name for bar in figure.data] == ["B"]
    assert list(figure.data[0].base) == [20.0, 50.0]
    assert list(figure.data[0].y) == [70.0, 0.5]


def test_days_are_marked_as_days() -> None:
    today = datetime.now(UTC).date()
    day = 86_400_000
    assert charts.errors([ErrorDay(today, "TG", 1)]).layout.xaxis.dtick == day
    month = [ErrorDay(today - timedelta(days=ago), "TG", 1) for ago in range(30)]
    assert charts.errors(month).layout.xaxis.dtick == 4 * day
