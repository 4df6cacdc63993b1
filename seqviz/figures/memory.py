"""How long a network remembers, as Plotly figures: a figure needs only its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from seqviz.analysis.gate_timescales import GateMemory
from seqviz.analysis.horizon import Horizon
from seqviz.analysis.influence import Influence
from seqviz.analysis.lyapunov import Growth
from seqviz.analysis.pca import Trajectory
from seqviz.analysis.perturbation import Nudge
from seqviz.analysis.spectrum import Spectrum, geometric_line
from seqviz.figures import palette

if TYPE_CHECKING:
    import plotly.graph_objects as go

MAP_CELLS = 300  # rows and columns of the influence map at most: more are not seen
DECADES = 6  # the map's colours span this many powers of ten below the largest value
DASHES = ("solid", "dash", "dot", "dashdot")


def influence_map(found: Influence, tau: int | None = None, theme: str = "light") -> go.Figure:
    """log10 ‖∂h_τ/∂x_t‖: inputs t to the right, states τ downwards; tau (from 0) is framed.

    Long sequences are shown at every k-th row and column; the values themselves are exact.
    """
    import plotly.graph_objects as go

    logs = found.log10()  # (T, C)
    rows = np.arange(0, len(logs), -(-len(logs) // MAP_CELLS))
    columns = np.arange(0, logs.shape[1], -(-logs.shape[1] // MAP_CELLS))
    shown = logs[np.ix_(rows, columns)]
    top = float(np.nanmax(shown)) if np.isfinite(shown).any() else 0.0
    figure = go.Figure(
        go.Heatmap(
            z=shown,
            x=found.inputs[columns] + 1,
            y=rows + 1,
            zmax=top,
            zmin=top - DECADES,
            colorscale=[(0.0, palette.BACKGROUND[theme]), (1.0, palette.POSITIVE)],
            colorbar={"title": {"text": "log₁₀"}, "outlinewidth": 0, "thickness": 12},
            hovertemplate="x at step %{x} → h at step %{y}<br>10^%{z:.2f}<extra></extra>",
        )
    )
    if tau is not None:
        figure.add_hline(tau + 1, line={"color": palette.INK[theme], "width": 2})
    figure.update_layout(_layout(theme, "input step t", "state step τ"))
    figure.update_yaxes(autorange="reversed")
    return figure


def owed(found: Mapping[str, Influence], tau: int, theme: str = "light") -> go.Figure:
    """What the state at step τ (from 0) still owes to each input, on a log axis; a line a run."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for k, (name, influence) in enumerate(found.items()):
        figure.add_scatter(
            x=influence.inputs + 1,
            y=_positive(influence.owed(tau)),
            name=name,
            mode="lines+markers" if len(influence.inputs) <= 60 else "lines",
            line={"color": _colour(k, theme), "width": 2.5, "dash": DASHES[k % 4]},
            hovertemplate="step %{x}: %{y:.3g}<extra></extra>",
        )
    figure.add_vline(tau + 1, line={"color": palette.INK[theme], "width": 2})
    figure.update_layout(_layout(theme, "input step t", f"‖∂h at step {tau + 1} / ∂x_t‖"))
    figure.update_layout(showlegend=len(found) > 1)
    figure.update_yaxes(type="log", exponentformat="power")
    return figure


def coloured_text(
    found: Influence, tau: int, labels: Sequence[str], theme: str = "light"
) -> go.Figure:
    """The characters of the sequence, each the darker the more the state at step τ owes to it."""
    import plotly.graph_objects as go

    values = np.nan_to_num(found.owed(tau))
    shown = [labels[t].replace("<", "‹") for t in found.inputs]
    figure = go.Figure(
        go.Heatmap(
            z=[values],
            x=found.inputs + 1,
            text=[shown],
            texttemplate="%{text}",
            textfont={"size": 16, "family": "monospace"},
            colorscale=[(0.0, palette.BACKGROUND[theme]), (1.0, palette.POSITIVE)],
            zmin=0,
            showscale=False,
            hovertemplate="step %{x} “%{text}”: %{z:.3g}<extra></extra>",
        )
    )
    figure.update_layout(_layout(theme, "", ""), height=70, margin={"l": 8, "r": 8, "t": 4, "b": 4})
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure


def nudge_curves(found: Nudge, theme: str = "light") -> go.Figure:
    """‖Δh_τ‖ measured, and as the gradient predicted it, on a log axis."""
    steps = np.arange(1, len(found.measured) + 1)
    lines = {"measured": found.measured, "by the gradient": found.predicted}
    figure = _lines(steps, lines, theme, "step τ", "‖Δh_τ‖")
    figure.add_vline(found.t + 1, line={"color": palette.INK[theme], "width": 2})
    return figure


def horizon_band(found: Horizon, theme: str = "light") -> go.Figure:
    """Influence after k steps relative to now: median over runs, the 10 to 90 % band, ½ and 1 %."""
    import plotly.graph_objects as go

    lags = np.arange(len(found.curve))
    accent = palette.ACCENT[theme]
    band = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    figure = go.Figure(
        [
            go.Scatter(x=lags, y=_positive(found.high), **band),
            go.Scatter(
                x=lags, y=_positive(found.low), fill="tonexty", fillcolor=_faint(accent), **band
            ),
            go.Scatter(
                x=lags,
                y=_positive(found.curve),
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
    figure.update_layout(_layout(theme, "steps later", "influence, relative"), showlegend=False)
    # what matters is above 1 in 10,000; the rest is there when one zooms out
    top = max(1.0, float(np.nanmax(_positive(found.high), initial=1.0)))
    figure.update_yaxes(type="log", exponentformat="power", range=[-4, np.log10(2 * top)])
    return figure


def eigenvalues(spectra: Sequence[Spectrum], theme: str = "light") -> go.Figure:
    """Eigenvalues of each block of W_hh in the complex plane, with the unit circle."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for k, spectrum in enumerate(spectra):
        values = spectrum.eigenvalues
        figure.add_scatter(
            x=values.real,
            y=values.imag,
            mode="markers",
            name=f"{spectrum.name}  ρ = {spectrum.rho:.3f}",
            marker={"size": 8, "color": _colour(k, theme), "symbol": k, "opacity": 0.85},
            hovertemplate="%{x:.3f} + %{y:.3f}i<extra>" + spectrum.name + "</extra>",
        )
    reach = 1.1 * max([1.0, *(spectrum.rho for spectrum in spectra)])
    figure.add_shape(
        type="circle", x0=-1, x1=1, y0=-1, y1=1, line={"color": palette.MUTED[theme], "width": 2}
    )
    figure.update_layout(_layout(theme, "real part", "imaginary part"), showlegend=True)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    figure.update_xaxes(range=[-reach, reach])
    figure.update_yaxes(range=[-reach, reach], scaleanchor="x")
    return figure


def growth_lines(found: Growth, bound: float | None, rho: float, theme: str = "light") -> go.Figure:
    """‖∂h_k/∂h_0‖ along the sequence beside theory: the bound (σ_max·γ)^k, and ρ^k."""
    with np.errstate(over="ignore", under="ignore"):  # what no axis can show becomes a gap
        lines = {"‖∂h_k/∂h_0‖": np.exp(found.log_norms)}
    if bound is not None:
        lines["bound (σ_max·γ)^k"] = _at(geometric_line(bound, int(found.steps[-1])), found)
    lines["ρ^k, linear and orthogonal"] = _at(geometric_line(rho, int(found.steps[-1])), found)
    return _lines(found.steps, lines, theme, "steps k", "size of a change")


def gate_bars(found: GateMemory, theme: str = "light") -> go.Figure:
    """Each unit's mean gate, with its half-life where it is pointed at."""
    import plotly.graph_objects as go

    figure = go.Figure(
        go.Bar(
            x=np.arange(len(found.mean)),
            y=found.mean,
            marker={"color": palette.GATE},
            customdata=found.half_life,
            hovertemplate=f"unit %{{x}}: mean {found.gate} = %{{y:.3f}}, half-life "
            "%{customdata:.2f} steps<extra></extra>",
        )
    )
    figure.update_layout(_layout(theme, "unit", f"mean {found.gate} over time"))
    figure.update_yaxes(range=[0, 1])
    return figure


def paths(
    found: Trajectory,
    names: Sequence[str],
    labels: Sequence[str],
    t: int | None,
    theme: str = "light",
) -> go.Figure:
    """Each run as a path through its states, in 2D or 3D; step t (from 0) of each is marked."""
    import plotly.graph_objects as go

    solid = found.paths[0].shape[1] >= 3
    shape = go.Scatter3d if solid else go.Scatter
    figure = go.Figure()
    for k, (path, name) in enumerate(zip(found.paths, names, strict=True)):
        colour = _colour(k, theme)
        text = labels if k == 0 and len(labels) == len(path) else [""] * len(path)
        figure.add_trace(
            shape(
                **_coordinates(path, solid),
                mode="lines+markers",
                name=name,
                marker={"size": 3 if solid else 6, "color": colour},
                line={"color": colour, "width": 3 if solid else 1.5},
                text=[f"step {step + 1} {label}" for step, label in enumerate(text)],
                hovertemplate="%{text}<extra></extra>",
            )
        )
        if t is not None and t < len(path):
            here = _coordinates(path[t : t + 1], solid)
            ring = {"size": 7 if solid else 15, "color": palette.ACCENT[theme]}
            figure.add_trace(
                shape(**here, mode="markers", marker=ring, showlegend=False, hoverinfo="skip")
            )
    shares = [f"PC{k + 1} ({share:.0%})" for k, share in enumerate(found.explained)]
    figure.update_layout(_layout(theme, shares[0], shares[1] if len(shares) > 1 else ""))
    figure.update_layout(showlegend=len(names) > 1)
    if solid:
        axes = {"backgroundcolor": "rgba(0,0,0,0)", "gridcolor": palette.LINE[theme]}
        titles = [{"title": {"text": share}, **axes} for share in shares]
        figure.update_scenes(xaxis=titles[0], yaxis=titles[1], zaxis=titles[2])
        figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure


def _coordinates(path: NDArray[np.float32], solid: bool) -> dict[str, Any]:
    names = "xyz" if solid else "xy"
    return {name: path[:, k] for k, name in enumerate(names[: path.shape[1]])} | (
        {"y": np.zeros(len(path))} if path.shape[1] == 1 else {}
    )


def _lines(
    x: NDArray[Any], lines: Mapping[str, NDArray[Any]], theme: str, across: str, up: str
) -> go.Figure:
    import plotly.graph_objects as go

    figure = go.Figure()
    for k, (name, values) in enumerate(lines.items()):
        figure.add_scatter(
            x=x,
            y=_positive(values),
            name=name,
            line={"color": _colour(k, theme), "width": 2.5, "dash": DASHES[k % 4]},
            hovertemplate="%{x}: %{y:.3g}<extra>" + name + "</extra>",
        )
    figure.update_layout(_layout(theme, across, up), showlegend=True)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    figure.update_yaxes(type="log", exponentformat="power")
    return figure


def _at(line: NDArray[np.float64], found: Growth) -> NDArray[np.float64]:
    return line[found.steps]


def _positive(values: NDArray[Any]) -> NDArray[np.float64]:
    """Values a log axis can show; gaps for 0, overflow, and what lies beyond 1e±300."""
    wide = np.asarray(values, np.float64)
    return np.where(np.isfinite(wide) & (wide > 1e-300) & (wide < 1e300), wide, np.nan)


def _colour(k: int, theme: str) -> str:
    colours = (palette.ACCENT[theme], palette.POSITIVE, palette.GATE, palette.NEGATIVE)
    return colours[k % len(colours)]


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.2)"


def _layout(theme: str, across: str, up: str) -> dict[str, Any]:
    axis = {"gridcolor": palette.LINE[theme], "zeroline": False, "linecolor": palette.LINE[theme]}
    return {
        "xaxis": {**axis, "title": {"text": across}},
        "yaxis": {**axis, "title": {"text": up}},
        "font": {"size": 14, "color": palette.INK[theme]},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 64, "r": 16, "t": 28, "b": 48},
        "showlegend": False,
    }
