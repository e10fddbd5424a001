"""The charts, as Plotly figures. Colours of text and lines come from panel.css, for dark mode."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median

import plotly.graph_objects as go

from battery_panel.codes import Code, decode
from battery_panel.queries import BatteryDay, ErrorCount, Point

MOST_LINES = 8
MOST_DAY_MARKS = 8
# On a light and on a dark ground alike.
COLOURS = ("#149e92", "#e8833a", "#6d7cf0", "#c9a227", "#d9518f", "#3b96d9", "#7aa63c", "#9b6bd6")
BOUND_COLOUR = "rgba(20,158,146,0.5)"
SEVERITY_COLOURS = {
    "critical": ("#e04347", "#b3191c", "#f08a8c"),
    "warning": ("#e8960c", "#f5c265", "#b86b00", "#c9a227"),
    "info": ("#3b82d9", "#7db4ff"),
}


def extremes(values: Sequence[float | None], unit: str) -> str:
    """Say how far the values go, for who does not see the chart."""
    known = [value for value in values if value is not None]
    return f"{min(known):.1f} to {max(known):.1f} {unit}" if known else ""


def legend(figure: go.Figure) -> list[tuple[str, str]]:
    """Return names and colours of what a chart shows; the page writes them in the room it has."""
    shown = []
    for position, trace in enumerate(figure.data):
        drawn = trace.marker if trace.type == "bar" else trace.line
        shown.append((trace.name, drawn.color or COLOURS[position % len(COLOURS)]))
    return shown


def course(points: Sequence[Point], field: str, unit: str, days: int) -> go.Figure:
    """Draw one measurement over time: a line per battery; of many, their middle and bounds."""
    lines: dict[str, list[Point]] = defaultdict(list)
    for point in points:
        if getattr(point, field) is not None:
            lines[point.battery].append(point)
    if len(lines) > MOST_LINES:
        return _styled(_over(_band(lines, field, unit), days), unit, empty=False)
    figure = go.Figure(
        [
            go.Scatter(
                name=name,
                x=[point.at for point in line],
                y=[getattr(point, field) for point in line],
                mode="lines" if len(line) > 1 else "markers",
                line={"width": 2},
                marker={"size": 8},
                hovertemplate=f"%{{y:.1f}} {unit}",
            )
            for name, line in lines.items()
        ]
    )
    return _styled(_over(figure, days), unit, empty=not lines)


def _over(figure: go.Figure, days: int) -> go.Figure:
    # All of the period, so that charts can be compared, and a lone report is no whole chart.
    now = datetime.now(UTC)
    return figure.update_xaxes(range=[now - timedelta(days=days), now])


def _band(lines: Mapping[str, Sequence[Point]], field: str, unit: str) -> go.Figure:
    values: dict[datetime, list[float]] = defaultdict(list)
    for line in lines.values():
        for point in line:
            values[point.at].append(getattr(point, field))
    times = sorted(values)
    bound = {"mode": "lines", "line": {"width": 1, "color": BOUND_COLOUR}}
    hover = f"%{{y:.1f}} {unit}"
    return go.Figure(
        [
            go.Scatter(
                name="Highest", x=times, y=[max(values[at]) for at in times], hovertemplate=hover
            ).update(bound),
            go.Scatter(
                name="Lowest",
                x=times,
                y=[min(values[at]) for at in times],
                fill="tonexty",
                fillcolor="rgba(20,158,146,0.16)",
                hovertemplate=hover,
            ).update(bound),
            go.Scatter(
                name=f"Middle of {len(lines)} batteries",
                x=times,
                y=[median(values[at]) for at in times],
                mode="lines",
                line={"width": 3, "color": COLOURS[0]},
                hovertemplate=hover,
            ),
        ]
    )


def errors(counts: Sequence[ErrorCount], known: Mapping[str, Code], hours: int) -> go.Figure:
    """Draw reports with errors, stacked by code; colours tell the severity."""
    bars: dict[str, list[ErrorCount]] = defaultdict(list)
    for count in counts:
        bars[count.err].append(count)
    used: dict[str, int] = defaultdict(int)
    figure = go.Figure()
    for err in sorted(bars):
        code = decode(known, err)
        colours = SEVERITY_COLOURS.get(code.severity, COLOURS)
        figure.add_bar(
            name=f"{code.code} {code.title}",
            x=[count.at for count in bars[err]],
            y=[count.reports for count in bars[err]],
            marker={"color": colours[used[code.severity] % len(colours)]},
            # Each bar begins where its stretch of time begins.
            width=hours * 3_600_000 * 0.8,
            offset=hours * 3_600_000 * 0.1,
            hovertemplate="%{y}",
        )
        used[code.severity] += 1
    figure.update_layout(barmode="stack")
    figure.update_yaxes(rangemode="tozero", minallowed=0)
    if hours > 1:
        _mark_days(figure, [count.at for count in counts])
    highest = max((count.reports for count in counts), default=0)
    if highest <= MOST_DAY_MARKS:
        figure.update_yaxes(dtick=1 if highest <= MOST_DAY_MARKS // 2 else 2)
    return _styled(figure, "", empty=not bars, nothing="No errors in this period")


def ranges(days: Sequence[BatteryDay]) -> go.Figure:
    """Draw lowest to highest charge per day, from the daily statistics."""
    bars: dict[str, list[tuple[object, float, float]]] = defaultdict(list)
    for day in days:
        if day.lowest is not None and day.highest is not None:
            bars[day.battery].append((day.day, day.lowest, day.highest))
    if len(bars) > MOST_LINES:
        bars = _merged(bars)
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


def _merged(
    bars: Mapping[str, Sequence[tuple[object, float, float]]],
) -> dict[str, list[tuple[object, float, float]]]:
    bounds: dict[object, tuple[float, float]] = {}
    for bar in bars.values():
        for day, lowest, highest in bar:
            low, high = bounds.get(day, (lowest, highest))
            bounds[day] = (min(low, lowest), max(high, highest))
    merged = [(day, low, high) for day, (low, high) in bounds.items()]
    return {f"All {len(bars)} batteries": sorted(merged, key=str)}


def waiting() -> go.Figure:
    """Draw what is shown until the first answer."""
    return _styled(go.Figure(), "", empty=True, nothing="Loading…")


def _mark_days(figure: go.Figure, days: Sequence[object]) -> None:
    # Plotly would mark hours where there are few days.
    count = len({str(day)[:10] for day in days})
    step = (count // MOST_DAY_MARKS + 1) * 86_400_000
    figure.update_xaxes(type="date", tickformat="%d %b", hoverformat="%d %b", dtick=step)


def _styled(
    figure: go.Figure, unit: str, *, empty: bool, nothing: str = "No data in this period"
) -> go.Figure:
    figure.update_layout(
        template="none",
        colorway=COLOURS,
        font={"family": "Inter, system-ui, sans-serif", "size": 12},
        margin={"l": 52, "r": 14, "t": 10, "b": 40},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hovermode="x unified",
        showlegend=False,
        uirevision="kept",
        bargap=0.3,
    )
    figure.update_xaxes(tickangle=0, nticks=6, showgrid=False, zeroline=False, fixedrange=True)
    figure.update_yaxes(ticksuffix=f" {unit}" if unit else "", zeroline=False, fixedrange=True)
    if unit == "%":
        figure.update_yaxes(range=[0, 102], dtick=25)
    if empty:
        figure.update_xaxes(visible=False)
        figure.update_yaxes(visible=False)
        figure.update_layout(margin={"b": 10})
        figure.add_annotation(text=nothing, showarrow=False, font={"size": 14})
    return figure
