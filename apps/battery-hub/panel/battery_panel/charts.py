"""The charts, as Plotly figures."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from battery_panel.queries import BatteryDay, ErrorDay, Point

MOST_DAY_MARKS = 8
COLOURS = ("#0f766e", "#c2410c", "#4338ca", "#a16207", "#be185d", "#0369a1", "#4d7c0f", "#7c3aed")


def course(points: Sequence[Point], field: str, unit: str) -> go.Figure:
    """Draw one measurement over time, a line per battery."""
    lines: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        if getattr(point, field) is not None:
            lines[point.battery].append(point)
    figure = go.Figure(
        [
            go.Scatter(
                name=name,
                x=[point.at for point in line],
                y=[getattr(point, field) for point in line],
                mode="lines" if len(line) > 1 else "markers",
                line={"width": 2},
                hovertemplate=f"%{{y:.1f}} {unit}",
            )
            for name, line in lines.items()
        ]
    )
    return _styled(figure, unit, empty=not lines)


def _mark_days(figure: go.Figure, days: Sequence[date]) -> None:
    # Plotly would mark hours where there are few days.
    span = (max(days) - min(days)).days if days else 0
    step = (span // MOST_DAY_MARKS + 1) * 86_400_000
    figure.update_xaxes(type="date", tickformat="%d %b", hoverformat="%d %b", dtick=step)


def errors(days: Sequence[ErrorDay]) -> go.Figure:
    """Draw reports with errors per day, stacked by what they said."""
    bars: dict[str, list[ErrorDay]] = defaultdict(list)
    for day in days:
        bars[day.err].append(day)
    figure = go.Figure(
        [
            go.Bar(name=err, x=[day.day for day in bar], y=[day.reports for day in bar])
            for err, bar in bars.items()
        ]
    )
    figure.update_layout(barmode="stack")
    _mark_days(figure, [day.day for day in days])
    return _styled(figure, "reports", empty=not bars)


def ranges(days: Sequence[BatteryDay]) -> go.Figure:
    """Draw lowest to highest charge per day, from the daily statistics."""
    bars: dict[str, list[tuple[object, float, float]]] = defaultdict(list)
    for day in days:
        if day.lowest is not None and day.highest is not None:
            bars[day.battery].append((day.day, day.lowest, day.highest))
    figure = go.Figure(
        [
            go.Bar(
                name=name,
                x=[day for day, _, _ in bar],
                base=[lowest for _, lowest, _ in bar],
                # A day without any change is still to be seen.
                y=[max(highest - lowest, 0.5) for _, lowest, highest in bar],
                customdata=[(lowest, highest) for _, lowest, highest in bar],
                hovertemplate="%{customdata[0]:.1f} to %{customdata[1]:.1f} %",
            )
            for name, bar in bars.items()
        ]
    )
    figure.update_layout(barmode="group")
    _mark_days(figure, [day.day for day in days])
    return _styled(figure, "%", empty=not bars)


def _styled(figure: go.Figure, unit: str, *, empty: bool) -> go.Figure:
    figure.update_layout(
        template="plotly_white",
        colorway=COLOURS,
        font={"family": "system-ui, sans-serif", "size": 13, "color": "#334155"},
        margin={"l": 48, "r": 16, "t": 12, "b": 96},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="x unified",
        # At the bottom of the whole chart, clear of the axis, however narrow the page is.
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom"},
        uirevision="kept",
    )
    figure.update_xaxes(tickangle=0, nticks=5)
    figure.update_yaxes(title=None, ticksuffix=f" {unit}" if unit != "reports" else "")
    if empty:
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
        figure.add_annotation(text="No data in this period", showarrow=False, font={"size": 15})
    return figure
