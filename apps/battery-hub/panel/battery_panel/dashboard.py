"""The dashboard: its layout, and the callback that fills it."""

from typing import Any

from dash import Dash, Input, Output, dcc, html
from flask import Flask

from battery_panel import charts
from battery_panel.queries import Battery, Database, Fleet
from battery_panel.settings import Settings

REFRESH_MILLISECONDS = 60_000
PERIODS = {1: "24 hours", 7: "7 days", 30: "30 days", 90: "90 days"}
ALL = 0
CHART_HEIGHT_PIXELS = 320
PAGE = """<!doctype html>
<html lang="en">
  <head>
    {%metas%}
    <title>{%title%}</title>
    <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
    {%css%}
  </head>
  <body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body>
</html>"""
CHARTS = {
    "charge": "State of charge",
    "temperature": "Temperature",
    "voltage": "Voltage",
    "errors": "Reports with errors per day",
    "ranges": "Charge range per day",
}


def add_dashboard(server: Flask, settings: Settings, database: Database) -> Dash:
    """Put the dashboard on the server's `/`; all scripts come from the image."""
    dash = Dash(
        __name__,
        server=server,  # type: ignore[arg-type]  # its annotation forgets Flask
        title="Battery Hub panel",
        update_title="",
        index_string=PAGE,
        serve_locally=True,
        assets_folder="assets",
    )
    dash.layout = _layout(settings)

    @dash.callback(
        Output("battery", "options"),
        Output("figures", "children"),
        *[Output(name, "figure") for name in CHARTS],
        Input("period", "value"),
        Input("battery", "value"),
        Input("refresh", "n_intervals"),
    )
    def fill(period: int, battery: int, _: int) -> tuple[Any, ...]:
        days = period if period in PERIODS else 1
        chosen = battery or None
        points = database.measurements(days, chosen)
        return (
            _choices(database.batteries()),
            _figures(database.fleet(days), PERIODS[days]),
            charts.course(points, "state_of_charge", "%"),
            charts.course(points, "temperature", "°C"),
            charts.course(points, "voltage", "V"),
            charts.errors(database.errors(days, chosen)),
            charts.ranges(database.days(days, chosen)),
        )

    return dash


def _choices(batteries: list[Battery]) -> list[dict[str, str | int]]:
    named: list[dict[str, str | int]] = [
        {"label": battery.name, "value": battery.id} for battery in batteries
    ]
    return [{"label": "All batteries", "value": ALL}, *named]


def _layout(settings: Settings) -> html.Div:
    periods = [{"label": label, "value": days} for days, label in PERIODS.items()]
    return html.Div(
        [
            html.Header(
                [
                    html.Span("Battery Hub", className="brand"),
                    html.Span("Panel", className="muted"),
                    html.Nav(
                        [
                            html.A("Batteries", href=settings.frontend_url),
                            html.Form(
                                html.Button("Log out", type="submit"),
                                action="/logout",
                                method="post",
                            ),
                        ]
                    ),
                ]
            ),
            html.Main(
                [
                    html.Div(
                        [
                            dcc.RadioItems(periods, 1, id="period", className="periods"),
                            dcc.Dropdown(
                                _choices([]), ALL, id="battery", clearable=False, className="choice"
                            ),
                        ],
                        className="choices",
                    ),
                    html.Div(id="figures", className="figures"),
                    html.Div(
                        [_card(name, title) for name, title in CHARTS.items()], className="charts"
                    ),
                ]
            ),
            dcc.Interval(id="refresh", interval=REFRESH_MILLISECONDS),
        ]
    )


def _card(name: str, title: str) -> html.Section:
    graph = dcc.Graph(
        id=name,
        config={"displayModeBar": False},
        responsive=True,
        style={"height": f"{CHART_HEIGHT_PIXELS}px"},
    )
    return html.Section([html.H2(title), graph], className="card")


def _figures(fleet: Fleet, period: str) -> list[html.Div]:
    shown = (
        ("Batteries", fleet.batteries, ""),
        ("Online", fleet.online, "good"),
        ("Offline", fleet.offline, "bad" if fleet.offline else ""),
        (f"Reports with errors, {period}", fleet.errors, "bad" if fleet.errors else ""),
    )
    return [
        html.Div(
            [html.Strong(str(value)), html.Span(label)], className=f"card figure {tone}".strip()
        )
        for label, value, tone in shown
    ]
