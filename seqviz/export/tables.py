"""A trace as files: tables for spreadsheets and pandas, arrays for NumPy and PyTorch.

Tables are made block by block, one quantity of one layer and direction at a time, so that a
file of millions of rows costs little more memory than its own size.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from seqviz.errors import SeqvizError
from seqviz.rnn.model import constructor
from seqviz.types import FloatArray, Trace

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("step", "label", "layer", "direction", "unit", "quantity", "value")
DIRECTIONS = ("forward", "reverse")
CSV_ROWS = 4_000_000
"""More rows than this are refused as CSV, which would pass 150 MB; Parquet takes them."""

NPZ_LABEL = 200
"""Labels are cut to this many characters in NPZ, where every label takes the longest one's room."""

AXES = (
    "T steps in input order, N batch of 1, I input_size, H hidden_size, L layers, "
    "D directions (0 forward, 1 reverse)",
    "x (T, N, I)",
    "output (T, N, D*H)",
    "h_n (D*L, N, H), row = layer * D + direction; so are h_0, c_0 and c_n",
    "h (L, D, T, H), state after each step; so are c and the gates i f g o, or r z n, activated",
    "labels (T,), what each step is called",
    "weight_ih_l0, weight_hh_l0, bias_ih_l0, ... as in state_dict()",
    "spec: the network as JSON",
)


def num_rows(trace: Trace) -> int:
    """How many rows the table has: one for each value of each quantity."""
    return trace.h.size * len(trace.spec.quantities)


def csv(trace: Trace) -> bytes:
    """The tidy table as UTF-8 CSV with a header line; text is quoted.

    A label a spreadsheet would run as a formula (it starts with = + - @, a tab or a line break)
    gets an apostrophe in front, as spreadsheets themselves mark text. Numbers such as -0.5 and
    single characters are harmless and stay as they are.

    Raises SeqvizError above CSV_ROWS rows.
    """
    import pyarrow.csv

    if num_rows(trace) > CSV_ROWS:
        raise SeqvizError(
            f"This trace has {num_rows(trace):,} values, too many for CSV (at most {CSV_ROWS:,}): "
            "take Parquet or NPZ, or use fewer steps or units."
        )
    batches = _batches(trace, [_harmless(label) for label in trace.labels])
    first = next(batches)
    buffer = io.BytesIO()
    with pyarrow.csv.CSVWriter(buffer, first.schema) as writer:
        writer.write(first)
        for batch in batches:
            writer.write(batch)
    return buffer.getvalue()


def parquet(trace: Trace) -> bytes:
    """The tidy table as Parquet (zstd), one row group for each quantity, layer and direction."""
    import pyarrow.parquet

    batches = _batches(trace, trace.labels)
    first = next(batches)
    buffer = io.BytesIO()
    text_and_counts = [name for name in COLUMNS if name != "value"]
    with pyarrow.parquet.ParquetWriter(
        buffer, first.schema, compression="zstd", use_dictionary=text_and_counts
    ) as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)
    return buffer.getvalue()


def npz(trace: Trace) -> bytes:
    """Everything in the trace as NumPy arrays, read with np.load(file), no pickle.

    PyTorch's names and axes: x (T, 1, I), output (T, 1, D*H), h_n, h_0 (and c_n, c_0)
    (D*L, 1, H), weights by their state_dict names; then h (and c, and each gate by its letter)
    (L, D, T, H), labels (T,), spec as JSON and axes, lines that say all this.
    """
    layers, directions, _, hidden = trace.h.shape
    rows = (layers * directions, 1, hidden)
    arrays: dict[str, Any] = {
        "axes": np.array(AXES),
        "spec": np.array(json.dumps(asdict(trace.spec))),
        "labels": np.array([label[:NPZ_LABEL] for label in trace.labels]),
        "x": trace.x[:, None],
        "output": trace.output[:, None],
        "h_n": trace.h_n[:, None],
        "h_0": trace.h_0.reshape(rows),
        **{name: trace.quantity(name) for name in trace.spec.quantities},
        **trace.weights,
    }
    if trace.c is not None and trace.c_0 is not None:
        arrays["c_0"] = trace.c_0.reshape(rows)
        arrays["c_n"] = _last(trace.c).reshape(rows)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def safetensors(trace: Trace) -> bytes:
    """The weights by their state_dict names, for safetensors.torch.load_file.

    The file's metadata holds the constructor and the spec as JSON.
    """
    from safetensors.numpy import save

    weights = {name: np.ascontiguousarray(value) for name, value in trace.weights.items()}
    spec = json.dumps(asdict(trace.spec))
    return save(weights, {"format": "pt", "constructor": constructor(trace.spec), "spec": spec})


def _last(state: FloatArray) -> FloatArray:
    """(L, D, T, H) -> (L, D, H), the state each direction ends with."""
    ends = [state[:, 0, -1], *([state[:, 1, 0]] if state.shape[1] == 2 else [])]
    return np.stack(ends, axis=1)


def _harmless(label: str) -> str:
    formula = label[:1] in tuple("=+-@\t\r\n＝＋－＠") and len(label) > 1 and not _is_number(label)
    return f"'{label}" if formula else label


def _is_number(label: str) -> bool:
    try:
        float(label)
    except ValueError:
        return False
    return not label[0].isspace()


def _batches(trace: Trace, labels: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The table's rows, T*H at a time; the columns all blocks share are made once."""
    import pyarrow as pa

    layers, directions, steps, hidden = trace.h.shape
    quantities = trace.spec.quantities
    names = list(dict.fromkeys(_encodable(label) for label in labels))
    code = {name: k for k, name in enumerate(names)}
    codes = np.array([code[_encodable(label)] for label in labels], np.int32)
    step = pa.array(np.repeat(np.arange(1, steps + 1, dtype=np.int32), hidden))
    label = pa.DictionaryArray.from_arrays(pa.array(np.repeat(codes, hidden)), pa.array(names))
    unit = pa.array(np.tile(np.arange(hidden, dtype=np.int32), steps))

    def constant(value: int) -> pa.Array:
        return pa.array(np.full(steps * hidden, value, np.int16))

    direction_names, quantity_names = pa.array(DIRECTIONS), pa.array(quantities)
    for k, quantity in enumerate(quantities):
        named = pa.DictionaryArray.from_arrays(constant(k), quantity_names)
        values = trace.quantity(quantity)
        for layer in range(layers):
            for direction in range(directions):
                way = pa.DictionaryArray.from_arrays(constant(direction), direction_names)
                value = pa.array(values[layer, direction].reshape(-1))
                columns = [step, label, constant(layer + 1), way, unit, named, value]
                yield pa.record_batch(columns, COLUMNS)


def _encodable(label: str) -> str:
    """Half a surrogate pair, which JSON may bring, has no UTF-8: it becomes a question mark."""
    return label.encode("utf-8", "replace").decode("utf-8")
