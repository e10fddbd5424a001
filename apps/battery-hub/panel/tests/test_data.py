import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient

from battery_panel import charts
from battery_panel.codes import Code, decode
from battery_panel.filters import Filters
from battery_panel.layout import CHARTS
from battery_panel.queries import BatteryDay, Choice, Database, ErrorCount, Point
from tests.conftest import LOGIN, Seeded

type Make = Callable[..., Seeded]


def test_reads_the_period_and_the_battery_that_are_asked_for(
    database: Database, make_battery: Make
) -> None:
    battery, other = make_battery(), make_battery()
    day = database.measurements(Choice(1, battery=battery.id))
    assert [(p.battery, p.state_of_charge, p.voltage) for p in day] == [(battery.name, 50.0, 48.0)]
    week = Choice(7, battery=battery.id)
    assert [point.state_of_charge for point in database.measurements(week)] == [10.0, 50.0]
    assert {point.battery for point in database.measurements(Choice(1))} >= {
        battery.name,
        other.name,
    }
    errors = [(error.err, error.reports) for error in database.errors(week)]
    assert errors == [("CBL", 1), ("LOW", 1), ("TG", 1)]
    assert [error.err for error in database.errors(Choice(1, battery=battery.id))] == ["TG"]
    (hub,) = {known.hub_id for known in database.batteries() if known.id == battery.id}
    points = database.measurements(Choice(1, hub=hub))
    assert {point.battery for point in points} == {battery.name}


def test_tells_which_battery_had_which_error(database: Database, make_battery: Make) -> None:
    battery = make_battery()
    rows = database.battery_errors(Choice(7, battery=battery.id))
    assert [(row.battery_id, row.err, row.reports) for row in rows] == [
        (battery.id, "TG", 1),
        (battery.id, "CBL", 1),
        (battery.id, "LOW", 1),
    ]


def test_ranges_are_those_of_the_reports_until_cron_has_counted(
    database: Database, make_battery: Make
) -> None:
    battery = make_battery()
    days = database.days(Choice(1, battery=battery.id))
    assert [(day.lowest, day.highest) for day in days][-1:] == [(40.0, 60.0)]


def test_counts_the_fleet(database: Database, make_battery: Make) -> None:
    before = database.fleet(Choice(1))
    battery = make_battery()
    make_battery(reports=False)
    after = database.fleet(Choice(1))
    grown = [now - then for now, then in zip(after, before, strict=True)]
    assert dict(zip(after._fields, grown, strict=True)) == {
        "batteries": 2,
        "online": 1,
        "offline": 0,
        "never_seen": 1,
        "errors": 1,
    }
    assert database.fleet(Choice(7, battery=battery.id)) == (1, 1, 0, 0, 2)


def test_synthetic_hubs_are_never_seen(database: Database, make_battery: Make) -> None:
    before = database.fleet(Choice(7))
    battery = make_battery(is_synthetic=True)
    assert database.fleet(Choice(7)) == before
    assert battery.id not in {known.id for known in database.batteries()}
    its = Choice(7, battery=battery.id)
    assert database.measurements(its) == []
    assert database.errors(its) == []
    assert database.battery_errors(its) == []
    assert database.days(its) == []


def test_can_only_read(database: Database) -> None:
    with database._connect() as connection:
        connection.execute("SET default_transaction_read_only = off")
        connection.commit()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM hubs")


def test_the_dashboard_fills_its_charts(visitor: FlaskClient, make_battery: Make) -> None:
    battery = make_battery()
    visitor.post("/login", data=LOGIN)
    filled = _fill(visitor, f"?days=7&battery={battery.id}")
    assert set(CHARTS) < set(filled)
    line = filled["charge"]["figure"]["data"][0]
    assert line["name"] == battery.name
    names = [bar["name"] for bar in filled["errors"]["figure"]["data"]]
    assert names == ["CBL Cable fault", "LOW Charge very low", "TG Temperature out of range"]
    table = json.dumps(filled["table"])
    assert "Temperature out of range" in table
    assert f"/#/batteries/{battery.id}" in table
    assert f"battery={battery.id}" in json.dumps(filled["filters"])
    critical = _fill(visitor, f"?days=7&battery={battery.id}&severity=critical")
    names = [bar["name"] for bar in critical["errors"]["figure"]["data"]]
    assert names == ["TG Temperature out of range"]


def _fill(visitor: FlaskClient, search: str) -> dict[str, Any]:
    (callback,) = visitor.get("/_dash-dependencies").get_json()
    outputs = [
        dict(zip(("id", "property"), part.rsplit(".", 1), strict=True))
        for part in callback["output"].strip(".").split("...")
    ]
    values = {"address": search, "refresh": 0}
    body = {
        "output": callback["output"],
        "outputs": outputs,
        "inputs": [known | {"value": values[known["id"]]} for known in callback["inputs"]],
        "changedPropIds": ["address.search"],
    }
    answer = visitor.post("/_dash-update-component", json=body)
    assert answer.status_code == 200, answer.text
    filled: dict[str, Any] = answer.get_json()["response"]
    return filled


@pytest.mark.parametrize(
    ("search", "choice", "severity"),
    [
        (None, Choice(1), ""),
        ("", Choice(1), ""),
        ("?days=30&hub=2&severity=warning", Choice(30, hub=2), "warning"),
        ("?days=1000000000&battery=x&severity=y", Choice(1), ""),
        ("?battery=99999999999999999999", Choice(1, battery=2**31 - 1), ""),
        ("?battery=-1&days=%D9%A7", Choice(1), ""),
    ],
)
def test_the_address_says_what_is_shown(search: str, choice: Choice, severity: str) -> None:
    filters = Filters.read(search)
    assert filters == (choice, severity)
    assert Filters.read(filters.address().removeprefix("/")) == filters


def test_empty_charts_say_so() -> None:
    for figure in (charts.course([], "voltage", "V", 1), charts.ranges([])):
        assert figure.layout.annotations[0].text == "No data in this period"
    empty = charts.errors([], {}, 1)
    assert empty.layout.annotations[0].text == "No errors in this period"


def test_many_batteries_are_drawn_as_a_band() -> None:
    now = datetime.now(UTC)
    points = [Point(f"B{number}", now, number, None, None) for number in range(101)]
    band = charts.course(points, "state_of_charge", "%", 1).data
    assert [(line.name, list(line.y)) for line in band] == [
        ("Highest", [100]),
        ("Lowest", [0]),
        ("Middle of 101 batteries", [50]),
    ]
    days = [BatteryDay(f"B{number}", now.date(), number, 60.0) for number in range(9)]
    (bar,) = charts.ranges(days).data
    assert (bar.name, list(bar.base), list(bar.y)) == ("All 9 batteries", [0], [60.0])


def test_an_unknown_code_is_a_warning() -> None:
    known = {"TG": Code("TG", "Temperature out of range", "critical", documented=True)}
    assert decode(known, "TG").severity == "critical"
    assert decode(known, "XYZ") == ("XYZ", "Unknown error XYZ", "warning", False)


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
    now = datetime.now(UTC)
    day = 86_400_000
    assert charts.errors([ErrorCount(now, "TG", 1)], {}, 24).layout.xaxis.dtick == day
    month = [ErrorCount(now - timedelta(days=ago), "TG", 1) for ago in range(30)]
    assert charts.errors(month, {}, 24).layout.xaxis.dtick == 4 * day
