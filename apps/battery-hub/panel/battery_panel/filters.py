"""The filters: what the address asks for, and the controls that lead to other addresses."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode

from dash import html
from dash.development.base_component import Component

from battery_panel.attributes import CURRENT, labelled
from battery_panel.codes import Code
from battery_panel.queries import Battery, Choice

PERIODS = {1: "24 hours", 7: "7 days", 30: "30 days", 90: "90 days"}
SEVERITIES = {"": "All errors", "critical": "Critical", "warning": "Warnings"}
LARGEST_ID = 2**31 - 1
# What assets/filters.js looks for.
FOLLOWED: dict[str, Any] = {"data-filter": "yes"}


class Filters(NamedTuple):
    """What is asked for; the address holds it, so that it can be kept and passed on."""

    choice: Choice
    severity: str = ""

    @classmethod
    def read(cls, search: str | None) -> "Filters":
        """Read an address's `?days=7&battery=3&severity=critical`; what is wrong is left out."""
        given = {name: values[0] for name, values in parse_qs((search or "")[1:]).items()}
        days = _number(given.get("days"))
        severity = given.get("severity", "")
        return cls(
            Choice(
                days if days in PERIODS else 1,
                hub=_number(given.get("hub")),
                battery=_number(given.get("battery")),
            ),
            severity if severity in SEVERITIES else "",
        )

    def shows(self, code: Code) -> bool:
        """Tell whether errors of this code are asked for."""
        return self.severity in {"", code.severity}

    def address(self) -> str:
        """Return the address that asks for this."""
        values = {**self.choice._asdict(), "severity": self.severity}
        return "/?" + urlencode({name: value for name, value in values.items() if value})


def _number(text: str | None) -> int | None:
    if text is None or not (text.isascii() and text.isdecimal()):
        return None
    return min(int(text), LARGEST_ID)


def controls(filters: Filters, batteries: Sequence[Battery]) -> list[Component]:
    """Return period, severity and choice of batteries; assets/filters.js follows them."""
    choice = filters.choice
    periods = {
        label: filters._replace(choice=choice._replace(days=days))
        for days, label in PERIODS.items()
    }
    severities = {label: filters._replace(severity=key) for key, label in SEVERITIES.items()}
    select = html.Select(
        _options(filters, batteries), id="batteries", **FOLLOWED, **labelled("Batteries")
    )
    return [
        _segments("Period", periods, filters),
        _segments("Errors", severities, filters),
        select,
    ]


def _segments(name: str, offered: Mapping[str, Filters], now: Filters) -> html.Nav:
    links = [
        html.A(label, href=filters.address(), **FOLLOWED, **(CURRENT if filters == now else {}))
        for label, filters in offered.items()
    ]
    return html.Nav(links, className="segments", **labelled(name))


def _options(filters: Filters, batteries: Sequence[Battery]) -> list[html.Option]:
    choice = filters.choice
    offered: list[tuple[str, int | None, int | None]] = [("All batteries", None, None)]
    for position, battery in enumerate(batteries):
        if position == 0 or batteries[position - 1].hub_id != battery.hub_id:
            offered.append((f"All of {battery.hub}", battery.hub_id, None))
        offered.append((f"{battery.hub} / {battery.name}", None, battery.id))
    return [
        html.Option(
            label,
            value=filters._replace(choice=Choice(choice.days, hub, battery)).address(),
            selected=(hub, battery) == (choice.hub, choice.battery),
        )
        for label, hub, battery in offered
    ]
