"""What the dashboard consists of; callbacks fill it."""

from dash import dcc, html

from battery_panel import charts
from battery_panel.attributes import CURRENT, labelled
from battery_panel.settings import Settings

REFRESH_MILLISECONDS = 60_000
CHART_HEIGHT_PIXELS = 260
PAGE = """<!doctype html>
<html lang="en">
  <head>
    {%metas%}
    <meta name="color-scheme" content="light dark" />
    <meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff" />
    <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#121a25" />
    <title>{%title%}</title>
    <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/assets/theme.css" />
    <link rel="stylesheet" href="/assets/controls.css" />
    <link rel="stylesheet" href="/assets/panel.css" />
    {%css%}
  </head>
  <body>
    <p id="trouble" role="alert" hidden>
      The panel cannot reach its services. What you see may be old; it tries again by itself.
    </p>
    {%app_entry%}
    <footer hidden>{%config%}{%scripts%}{%renderer%}</footer>
  </body>
</html>"""
COURSES = {"charge": "State of charge", "voltage": "Voltage", "temperature": "Temperature"}
CHARTS = {**COURSES, "errors": "Errors over time", "ranges": "Charge range per day"}


def layout(settings: Settings) -> html.Div:
    """Return the page as it is before the first answer of the database."""
    return html.Div(
        [
            dcc.Location(id="address", refresh=False),
            dcc.Interval(id="refresh", interval=REFRESH_MILLISECONDS),
            _bar(settings),
            html.Main(
                [
                    html.Div(
                        [html.H1("Charts"), html.Div(id="filters", className="filters")],
                        className="heading",
                    ),
                    html.Div(id="figures", className="tiles"),
                    html.Div([_chart(*chart) for chart in CHARTS.items()], className="charts"),
                    html.Section(
                        [html.H2("Errors in this period"), html.Div(id="table")],
                        className="card errors",
                    ),
                    html.P(
                        ["Times are UTC. ", html.Span(f"Release {settings.release}")],
                        className="foot",
                    ),
                ]
            ),
        ],
        className="panel",
    )


def _bar(settings: Settings) -> html.Header:
    brand = html.A(
        [html.Img(src="/assets/icon.svg", alt=""), html.Span("Battery Hub")],
        href=settings.frontend_url or "/",
        className="brand",
        **labelled("Battery Hub"),
    )
    tabs = html.Nav(
        [
            html.A("Batteries", href=settings.frontend_url),
            html.A("Charts", href="/", **CURRENT),
        ],
        className="tabs",
        **labelled("Main"),
    )
    leave = html.Form(
        html.Button("Log out", type="submit", className="plain"), action="/logout", method="post"
    )
    tools = html.Div(leave, className="tools")
    return html.Header(html.Div([brand, tabs, tools], className="bar-inner"), className="bar")


def _chart(name: str, title: str) -> html.Section:
    graph = dcc.Graph(
        id=name,
        figure=charts.waiting(),
        config={"displayModeBar": False},
        responsive=True,
        style={"height": f"{CHART_HEIGHT_PIXELS}px"},
    )
    caption = html.P(id=f"{name}-caption", className="muted small")
    return html.Section(
        [
            html.Div([html.H2(title), caption], className="chart-title"),
            graph,
            html.Ul(id=f"{name}-legend", className="legend"),
        ],
        className="card chart",
        **labelled(title),
    )
