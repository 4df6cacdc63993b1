"""How long a network remembers, as Plotly figures: a figure needs only its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from seqviz.analysis.gate_timescales import GateTimescales
from seqviz.analysis.horizon import Horizon
from seqviz.analysis.influence import Influence
from seqviz.analysis.perturbation import Perturbation
from seqviz.figures import palette
from seqviz.figures.axes import DASHES, colour, curves, faint, layout, positive
from seqviz.labels import plotly_text

if TYPE_CHECKING:
    import plotly.graph_objects as go

MAP_CELLS = 300  # rows and columns of the influence map at most: more are not seen
LEAST_SHARE = 1e-4  # the horizon's axis begins here: below, an input counts for nothing
DECADES = 6  # the map's colours span this many powers of ten below the largest value


def influence_map(influence: Influence, tau: int | None = None, theme: str = "light") -> go.Figure:
    """log10 ‖∂h_τ/∂x_t‖: inputs t to the right, states (or answers) τ downwards; tau is framed.

    Long sequences are shown at every k-th row and column; the values themselves are exact.
    """
    import plotly.graph_objects as go

    logs = influence.log10()  # (T, C)
    letter, what = ("s", "answer") if influence.answer else ("h", "state")
    rows = np.arange(0, len(logs), -(-len(logs) // MAP_CELLS))
    columns = np.arange(0, logs.shape[1], -(-logs.shape[1] // MAP_CELLS))
    thinned = logs[np.ix_(rows, columns)]
    top = float(np.nanmax(thinned)) if np.isfinite(thinned).any() else 0.0
    figure = go.Figure(
        go.Heatmap(
            z=thinned,
            x=influence.inputs[columns] + 1,
            y=rows + 1,
            zmax=top,
            zmin=top - DECADES,
            colorscale=[(0.0, palette.BACKGROUND[theme]), (1.0, palette.POSITIVE)],
            colorbar={"title": {"text": f"‖∂{letter}/∂x‖"}, "outlinewidth": 0, "thickness": 12}
            | _decades(top),
            hovertemplate=f"x at step %{{x}} → {'h' if what == 'state' else what} at step %{{y}}"
            "<br>10^%{z:.2f}<extra></extra>",
        )
    )
    if tau is not None:
        figure.add_hline(tau + 1, line={"color": palette.INK[theme], "width": 2})
    figure.update_layout(layout(theme, "input step t", f"{what} step τ"))
    figure.update_yaxes(autorange="reversed")
    return figure


def influence_at(influences: Mapping[str, Influence], tau: int, theme: str = "light") -> go.Figure:
    """Influence of each input on the state (or answer) at step τ (from 0), on a log axis.

    influences: by the name each line gets, all of states or all of answers. Raises SeqvizError
    when there is no such step.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for k, (name, run) in enumerate(influences.items()):
        figure.add_scatter(
            x=run.inputs + 1,
            y=positive(run.at(tau)),
            name=name,
            mode="lines+markers" if len(run.inputs) <= 60 else "lines",
            line={"color": colour(k, theme), "width": 2.5, "dash": DASHES[k % 4]},
            hovertemplate="step %{x}: %{y:.3g}<extra></extra>",
        )
    figure.add_vline(tau + 1, line={"color": palette.INK[theme], "width": 2})
    what = "the answer" if any(run.answer for run in influences.values()) else "h"
    figure.update_layout(layout(theme, "input step t", f"influence on {what} at step {tau + 1}"))
    figure.update_layout(showlegend=len(influences) > 1)
    figure.update_yaxes(type="log", exponentformat="power")
    return figure


def coloured_text(
    influence: Influence, tau: int, labels: Sequence[str], theme: str = "light"
) -> go.Figure:
    """The characters of the sequence, each the darker the more it influences the state at τ.

    tau: from 0. labels: T texts. Raises SeqvizError when there is no such step.
    """
    import plotly.graph_objects as go

    values = np.nan_to_num(influence.at(tau))
    characters = [plotly_text(labels[t]) for t in influence.inputs]
    figure = go.Figure(
        go.Heatmap(
            z=[values],
            x=influence.inputs + 1,
            text=[characters],
            texttemplate="%{text}",
            textfont={"size": 16, "family": "monospace"},
            colorscale=[(0.0, palette.BACKGROUND[theme]), (1.0, palette.POSITIVE)],
            zmin=0,
            showscale=False,
            hovertemplate="step %{x} “%{text}”: %{z:.3g}<extra></extra>",
        )
    )
    figure.update_layout(layout(theme, "", ""), height=70, margin={"l": 8, "r": 8, "t": 4, "b": 4})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure


def perturbation_curves(perturbation: Perturbation, theme: str = "light") -> go.Figure:
    """‖Δh_τ‖, or of the answer's sums, measured and as the gradient predicted it, on a log axis."""
    steps = np.arange(1, len(perturbation.measured) + 1)
    lines = {"measured": perturbation.measured, "by the gradient": perturbation.predicted}
    what = "change of the answer, ‖Δs_τ‖" if perturbation.answer else "change of h, ‖Δh_τ‖"
    figure = curves(steps, lines, theme, "step τ", what)
    figure.add_vline(perturbation.t + 1, line={"color": palette.INK[theme], "width": 2})
    return figure


def horizon_band(horizon: Horizon, theme: str = "light") -> go.Figure:
    """Influence after k steps relative to now: median over runs, the 10 to 90 % band, ½ and 1 %."""
    import plotly.graph_objects as go

    lags = np.arange(len(horizon.curve))
    accent = palette.ACCENT[theme]
    band = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    figure = go.Figure(
        [
            go.Scatter(x=lags, y=positive(horizon.high), **band),
            go.Scatter(
                x=lags, y=positive(horizon.low), fill="tonexty", fillcolor=faint(accent), **band
            ),
            go.Scatter(
                x=lags,
                y=positive(horizon.curve),
                name="median",
                line={"color": accent, "width": 3},
                hovertemplate="after %{x} steps: %{y:.3g}<extra></extra>",
            ),
        ]
    )
    muted = palette.MUTED[theme]
    for level, name in ((0.5, "a half"), (0.01, "1 %")):
        figure.add_hline(level, line={"color": muted, "dash": "dot"})
        # on a log axis an annotation's y is the exponent
        figure.add_annotation(
            x=1, xref="paper", xanchor="right", y=np.log10(level), yanchor="bottom", text=name,
            showarrow=False, font={"color": muted, "size": 14},
        )  # fmt: skip
    figure.update_layout(layout(theme, "steps later", "influence left"), showlegend=False)
    top = max(1.0, float(np.nanmax(positive(horizon.high), initial=1.0)))
    figure.update_yaxes(
        type="log", range=[np.log10(LEAST_SHARE), np.log10(2 * top)], **_shares(top)
    )
    figure.update_xaxes(range=[0, _end(horizon)], tickformat="d")
    return figure


def _end(horizon: Horizon) -> int:
    """The k at which the band has left the axis for good, so that the curve fills its width."""
    seen = np.flatnonzero(positive(horizon.high) >= LEAST_SHARE)
    last = int(seen[-1]) + 1 if len(seen) else 1
    return max(1, min(last, len(horizon.curve) - 1))


def _shares(top: float) -> dict[str, object]:
    """Ticks in words of percent; where influence grows far beyond all of it, powers of ten."""
    if top > 100:
        return {"exponentformat": "power", "nticks": 6}
    shares = [100.0 * top_share for top_share in (100, 10, 1, 0.1, 0.01, 0.001, 0.0001)]
    return {"tickvals": [share / 100 for share in shares],
            "ticktext": [f"{share:,g} %" for share in shares]}  # fmt: skip


def _decades(top: float) -> dict[str, object]:
    """Ticks of a colour bar at whole powers of ten, written as such."""
    powers = range(int(np.ceil(top - DECADES)), int(np.floor(top)) + 1)
    return {
        "tickvals": list(powers),
        "ticktext": [f"10<sup>{power}</sup>" for power in powers],
    }


def gate_bars(timescales: GateTimescales, theme: str = "light") -> go.Figure:
    """Each unit's mean gate, with its half-life where it is pointed at."""
    import plotly.graph_objects as go

    figure = go.Figure(
        go.Bar(
            x=np.arange(len(timescales.mean)),
            y=timescales.mean,
            marker={"color": palette.GATE},
            customdata=timescales.half_life,
            hovertemplate=f"unit %{{x}}: mean {timescales.gate} = %{{y:.3f}}, half-life "
            "%{customdata:.2f} steps<extra></extra>",
        )
    )
    figure.update_layout(layout(theme, "unit", f"mean {timescales.gate} over time"))
    figure.update_yaxes(range=[0, 1])
    return figure
