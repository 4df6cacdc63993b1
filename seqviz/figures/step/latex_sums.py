"""Sums of products with their numbers, as LaTeX for KaTeX."""

from __future__ import annotations

from seqviz.analysis.unit_step import Term, Terms
from seqviz.labels import number


def sum_of(terms: Terms, bias: tuple[str, float] | None, digits: int, largest: int) -> str:
    """The `largest` terms written out and named, what the others add, then the bias by its symbol.

    In an aligned block: what the others add stands on a line of its own.
    """
    named, (left, adding) = terms.largest(largest)
    parts = [_product(term, digits) for term in named]
    if left:
        parts.append(rf"\text{{ and {left} more adding }} {latex(adding, digits)}")
    if bias is not None:
        parts.append(rf"{latex(bias[1], digits)}\,({bias[0]})")
    text = parts[0]
    for part in parts[1:]:
        left_over = part.startswith(r"\text")  # on a line of its own: a phone is narrow
        joint = r" \\ &\quad " if left_over else " " if part.startswith("-") else " + "
        text += f"{joint}{part}"
    return text


def _product(term: Term, digits: int) -> str:
    factors = rf"{latex(term.weight, digits)} \cdot {factor(term.value, digits)}"
    return rf"{factors}\,({term.symbol})"


def factor(value: float, digits: int) -> str:
    """A number to multiply with: in parentheses where it needs them."""
    text = latex(value, digits)
    return f"({text})" if text.startswith("-") or "cdot" in text else text


def latex(value: float, digits: int) -> str:
    """A number as KaTeX shows it."""
    text = number(value, digits).replace("−", "-")  # which KaTeX draws as a minus
    if "e" in text:
        figures, power = text.split("e")
        return rf"{figures} \cdot 10^{{{int(power)}}}"
    return {"inf": r"\infty", "-inf": r"-\infty", "nan": r"\text{nan}"}.get(text, text)
