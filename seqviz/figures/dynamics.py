"""A network as a dynamical system: its eigenvalues, how changes grow, its states as a path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from seqviz.analysis.lyapunov import Growth
from seqviz.analysis.pca import Trajectory
from seqviz.analysis.spectrum import Spectrum, geometric_line
from seqviz.figures import palette
from seqviz.figures.axes import colour, curves, layout
from seqviz.labels import plotly_text

if TYPE_CHECKING:
    import plotly.graph_objects as go

ARROWS = 8  # on a path: enough to follow, few enough to see it


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
            marker={"size": 8, "color": colour(k, theme), "symbol": k, "opacity": 0.85},
            hovertemplate="%{x:.3f} + %{y:.3f}i<extra>" + spectrum.name + "</extra>",
        )
    reach = 1.1 * max([1.0, *(spectrum.rho for spectrum in spectra)])
    figure.add_shape(
        type="circle", x0=-1, x1=1, y0=-1, y1=1, line={"color": palette.MUTED[theme], "width": 2}
    )
    figure.update_layout(layout(theme, "real part", "imaginary part"), showlegend=True)
    figure.update_layout(legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    figure.update_xaxes(range=[-reach, reach])
    figure.update_yaxes(range=[-reach, reach], scaleanchor="x")
    return figure


def growth_lines(
    growth: Growth, bound: float | None, rho: float, theme: str = "light"
) -> go.Figure:
    """‖∂h_k/∂h_0‖ along the sequence beside theory: the bound (σ_max·γ)^k, and ρ^k."""
    with np.errstate(over="ignore", under="ignore"):  # what no axis can show becomes a gap
        lines = {"‖∂h_k/∂h_0‖": np.exp(growth.log_norms)}
    if bound is not None:
        lines["bound (σ_max·γ)^k"] = _at(geometric_line(bound, int(growth.steps[-1])), growth)
    lines["ρ^k, linear and orthogonal"] = _at(geometric_line(rho, int(growth.steps[-1])), growth)
    return curves(growth.steps, lines, theme, "steps k", "size of a change")


def trajectory_paths(
    trajectory: Trajectory,
    names: Sequence[str],
    labels: Sequence[str],
    t: int | None,
    theme: str = "light",
) -> go.Figure:
    """Each run as a path through its states, in 2D or 3D; step t (from 0) of each is marked.

    Arrows point where the path leads, from an open circle at its first step to a square at its
    last, both named for the first run.
    """
    import plotly.graph_objects as go

    solid = trajectory.paths[0].shape[1] >= 3
    shape = go.Scatter3d if solid else go.Scatter
    figure = go.Figure()
    for k, (path, name) in enumerate(zip(trajectory.paths, names, strict=True)):
        paint = colour(k, theme)
        text = labels if k == 0 and len(labels) == len(path) else [""] * len(path)
        figure.add_trace(
            shape(
                **_coordinates(path, solid),
                mode="lines+markers",
                name=name,
                marker={"size": 3 if solid else 6, "color": paint},
                line={"color": paint, "width": 3 if solid else 1.5},
                text=[f"step {step + 1} {plotly_text(label)}" for step, label in enumerate(text)],
                hovertemplate="%{text}<extra></extra>",
            )
        )
        for mark in _direction(path, paint, solid), *_ends(path, paint, k == 0, solid):
            figure.add_trace(mark)
        if t is not None and t < len(path):
            here = _coordinates(path[t : t + 1], solid)
            ring = {"symbol": "circle", "size": 7 if solid else 15, "color": palette.ACCENT[theme]}
            figure.add_trace(
                shape(**here, mode="markers", marker=ring, showlegend=False, hoverinfo="skip")
            )
    shares = [
        f"PC{k + 1} ({share:.0%})" for k, share in enumerate(trajectory.explained_variance_ratio)
    ]
    figure.update_layout(layout(theme, shares[0], shares[1] if len(shares) > 1 else ""))
    figure.update_layout(showlegend=len(names) > 1)
    if solid:
        axes = {"backgroundcolor": "rgba(0,0,0,0)", "gridcolor": palette.LINE[theme]}
        titles = [{"title": {"text": share}, **axes} for share in shares]
        figure.update_scenes(xaxis=titles[0], yaxis=titles[1], zaxis=titles[2])
        figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure


def _direction(path: NDArray[np.float32], paint: str, solid: bool) -> go.Scatter | go.Cone:
    """Arrows at some steps, which point away from the step before."""
    import plotly.graph_objects as go

    at = _arrows(path)
    here = _coordinates(path, solid)
    if solid:
        moves = path[at] - path[at - 1]
        moves /= np.linalg.norm(moves, axis=1, keepdims=True)
        size = 0.1 * float(np.ptp(path, axis=0).max()) if len(at) else 1.0
        return go.Cone(
            **{name: values[at] for name, values in here.items()},
            **dict(zip("uvw", moves.T, strict=True)),
            colorscale=[(0, paint), (1, paint)], showscale=False, sizemode="raw", sizeref=size,
            anchor="tip", hoverinfo="skip",
        )  # fmt: skip
    # an arrow of Plotly's turns by the point before it in its own trace: gaps keep pairs apart
    pairs = {name: np.full(3 * len(at), np.nan) for name in here}
    for name, values in here.items():
        pairs[name][0::3], pairs[name][1::3] = values[at - 1], values[at]
    sizes = np.tile([0, 15, 0], len(at))
    return go.Scatter(
        **pairs, mode="markers", showlegend=False, hoverinfo="skip",
        marker={"symbol": "arrow", "angleref": "previous", "size": sizes, "opacity": 1,
                "color": paint, "line": {"width": 0}},
    )  # fmt: skip


def _arrows(path: NDArray[np.float32]) -> NDArray[np.intp]:
    """The steps (from 1) an arrow stands at: ARROWS at equal ways along the path."""
    moved = np.linalg.norm(np.diff(path.astype(np.float64), axis=0), axis=1)  # (T-1,)
    way = np.cumsum(moved)
    if not len(way) or way[-1] == 0:
        return np.zeros(0, np.intp)
    wanted = way[-1] * (np.arange(ARROWS) + 0.5) / ARROWS
    return np.unique(np.searchsorted(way, wanted)) + 1


def _ends(
    path: NDArray[np.float32], paint: str, named: bool, solid: bool
) -> list[go.Scatter | go.Scatter3d]:
    """An open circle where the path starts and a square where it ends, both around the step's."""
    import plotly.graph_objects as go

    shape, marks = (go.Scatter3d if solid else go.Scatter), []
    for at, symbol, name in ((0, "circle-open", "start"), (len(path) - 1, "square-open", "end")):
        marks.append(
            shape(
                **_coordinates(path[at : at + 1], solid),
                mode="markers+text" if named else "markers",
                marker={
                    "symbol": symbol,
                    "size": 10 if solid else 18,
                    "color": paint,
                    "line": {"width": 2},
                },
                text=[name],
                textposition="top center",
                showlegend=False,
                hoverinfo="skip",
            )
        )
    return marks


def _coordinates(path: NDArray[np.float32], solid: bool) -> dict[str, Any]:
    names = "xyz" if solid else "xy"
    return {name: path[:, k] for k, name in enumerate(names[: path.shape[1]])} | (
        {"y": np.zeros(len(path))} if path.shape[1] == 1 else {}
    )


def _at(line: NDArray[np.float64], growth: Growth) -> NDArray[np.float64]:
    return line[growth.steps]
