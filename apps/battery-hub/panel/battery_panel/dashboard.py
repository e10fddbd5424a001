"""The dashboard: the callback that fills its layout."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dash import Dash, Input, Output, html
from dash.development.base_component import Component
from flask import Flask
from plotly.graph_objects import Figure

from battery_panel import charts
from battery_panel.codes import Code, decode
from battery_panel.filters import Filters, controls
from battery_panel.layout import CHARTS, PAGE, layout
from battery_panel.queries import BatteryErrors, Database, Fleet
from battery_panel.settings import Settings

type Codes = Callable[[], Mapping[str, Code]]

RANK = {"critical": 0, "warning": 1, "info": 2}


def add_dashboard(server: Flask, settings: Settings, database: Database, codes: Codes) -> Dash:
    """Put the dashboard on the server's `/`; all scripts come from the image."""
    dash = Dash(
        __name__,
        server=server,  # type: ignore[arg-type]  # its annotation forgets Flask
        title="Charts · Battery Hub",
        update_title="",
        index_string=PAGE,
        serve_locally=True,
        assets_folder="assets",
        # PAGE names them, in their order.
        assets_ignore=r".*\.css$",
    )
    dash.layout = layout(settings)

    @dash.callback(
        Output("filters", "children"),
        Output("figures", "children"),
        Output("table", "children"),
        *[Output(name, "figure") for name in CHARTS],
        *[Output(f"{name}-caption", "children") for name in CHARTS],
        *[Output(f"{name}-legend", "children") for name in CHARTS],
        Input("address", "search"),
        Input("refresh", "n_intervals"),
    )
    def fill(search: str | None, _: int | None) -> list[Any]:
        wanted = Filters.read(search)
        choice = wanted.choice
        known = codes()
        errors = [
            count for count in database.errors(choice) if wanted.shows(decode(known, count.err))
        ]
        rows = [
            row for row in database.battery_errors(choice) if wanted.shows(decode(known, row.err))
        ]
        points = database.measurements(choice)
        figures = [
            charts.course(points, "state_of_charge", "%", choice.days),
            charts.course(points, "voltage", "V", choice.days),
            charts.course(points, "temperature", "°C", choice.days),
            charts.errors(errors, known, choice.error_hours),
            charts.ranges(database.days(choice)),
        ]
        return [
            controls(wanted, database.batteries()),
            _figures(database.fleet(choice)),
            _table(rows, known, settings.frontend_url),
            *figures,
            charts.extremes([point.state_of_charge for point in points], "%"),
            charts.extremes([point.voltage for point in points], "V"),
            charts.extremes([point.temperature for point in points], "°C"),
            "Reports per hour" if choice.error_hours == 1 else "Reports per day",
            "Lowest to highest",
            *[_legend(figure) for figure in figures],
        ]

    return dash


def _figures(fleet: Fleet) -> list[html.Div]:
    shown = (
        ("Batteries", fleet.batteries, ""),
        ("Online", fleet.online, "good"),
        ("Offline", fleet.offline, "critical"),
        ("Never seen", fleet.never_seen, ""),
        ("Error reports", fleet.errors, "critical"),
    )
    return [
        html.Div(
            [html.Strong(str(value)), html.Span(label)],
            className=f"card tile {tone if value else ''}".strip(),
        )
        for label, value, tone in shown
    ]


def _legend(figure: Figure) -> list[html.Li]:
    return [
        html.Li([html.Span(style={"background": colour}), name])
        for name, colour in charts.legend(figure)
    ]


def _table(
    rows: Sequence[BatteryErrors], known: Mapping[str, Code], frontend_url: str
) -> Component | list[Component]:
    if not rows:
        return html.P("No report of this period held an error.", className="none muted")
    decoded = [(decode(known, row.err), row) for row in rows]
    # A stable sort: within a severity the latest stay first.
    decoded.sort(key=lambda pair: RANK.get(pair[0].severity, len(RANK)))
    head = [html.Th(name, scope="col") for name in ("Error", "Severity", "Battery", "Reports")]
    last = html.Th("Last reported", scope="col")
    own = any(not code.documented for code, _ in decoded)
    note = "* Battery Hub's own wording: the devices' documents do not tell this code."
    table = html.Table(
        [
            html.Thead(html.Tr([*head, last])),
            html.Tbody([_row(code, row, frontend_url) for code, row in decoded]),
        ]
    )
    return [table, html.P(note, className="muted small note")] if own else table


def _row(code: Code, row: BatteryErrors, frontend_url: str) -> html.Tr:
    battery = html.A(row.battery, href=f"{frontend_url}/#/batteries/{row.battery_id}")
    meaning = f" {code.title}{'' if code.documented else '*'}"
    return html.Tr(
        [
            html.Td([html.Strong(code.code), meaning], className=f"code {code.severity}"),
            html.Td(html.Span(code.severity.capitalize(), className=f"severity {code.severity}")),
            html.Td([battery, html.Span(row.hub, className="muted small hub")]),
            html.Td(str(row.reports), className="number"),
            html.Td(f"{row.last:%-d %b %H:%M}", className="number"),
        ]
    )
