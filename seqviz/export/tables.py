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
from seqviz.rnn.head import described
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
HEAD_AXES = (
    "K outputs of the head",
    "prediction (T, N, K), after softmax where head says so",
    "head_weight (K, D*H), head_bias (K,), as nn.Linear has them",
    "head: what the sums go through and what the K outputs stand for, as JSON",
)
"""What is added for a network with a head."""


def num_rows(trace: Trace) -> int:
    """How many rows the table has: one for each value of each quantity and of the prediction."""
    answers = 0 if trace.prediction is None else trace.prediction.size
    return trace.h.size * len(trace.spec.quantities) + answers


def csv(trace: Trace) -> bytes:
    """The tidy table as UTF-8 CSV with a header line; text is quoted.

    What a head answers stands last, as quantity "prediction" of the layer it reads, the last one:
    `unit` is then which of the K outputs.

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
    """The table of `csv` as Parquet (zstd), a row group for each quantity, layer and direction."""
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
    (L, D, T, H), labels (T,), spec as JSON and axes, lines that say all this. Of a network with a
    head also prediction (T, 1, K), head_weight (K, D*H), head_bias (K,), and head as JSON.
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
    if trace.head is not None and trace.prediction is not None:
        arrays["prediction"] = trace.prediction[:, None]
        arrays["head_weight"], arrays["head_bias"] = trace.head.weight, trace.head.bias
        arrays["head"] = np.array(described(trace.head))
        arrays["axes"] = np.array((*AXES, *HEAD_AXES))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def safetensors(trace: Trace) -> bytes:
    """The weights by their state_dict names, for safetensors.torch.load_file.

    Of a network with a head also head.weight (K, D*H) and head.bias (K,). The file's metadata
    holds the constructor and the spec as JSON, and what the head is.
    """
    from safetensors.numpy import save

    weights = {name: np.ascontiguousarray(value) for name, value in trace.weights.items()}
    about = {"constructor": constructor(trace.spec), "spec": json.dumps(asdict(trace.spec))}
    if trace.head is not None:
        weights |= {"head.weight": trace.head.weight, "head.bias": trace.head.bias}
        about["head"] = described(trace.head)
    return save(weights, {"format": "pt", **about})


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
    """The table's rows, a block at a time; the columns all blocks share are made once."""
    import pyarrow as pa

    layers, directions, steps, hidden = trace.h.shape
    quantities = (*trace.spec.quantities, *(() if trace.prediction is None else ("prediction",)))
    names = list(dict.fromkeys(_encodable(label) for label in labels))
    code = {name: k for k, name in enumerate(names)}
    codes = np.array([code[_encodable(label)] for label in labels], np.int32)
    direction_names, quantity_names = pa.array(DIRECTIONS), pa.array(quantities)

    def shared(width: int) -> tuple[pa.Array, pa.Array, pa.Array]:
        """step, label and unit of a block (T, width)."""
        step = pa.array(np.repeat(np.arange(1, steps + 1, dtype=np.int32), width))
        label = pa.DictionaryArray.from_arrays(pa.array(np.repeat(codes, width)), pa.array(names))
        return step, label, pa.array(np.tile(np.arange(width, dtype=np.int32), steps))

    def block(
        columns: tuple[pa.Array, pa.Array, pa.Array],
        quantity: str,
        place: tuple[int, int],
        values: FloatArray,
    ) -> pa.RecordBatch:
        def constant(value: int) -> pa.Array:
            return pa.array(np.full(values.size, value, np.int16))

        step, label, unit = columns
        way = pa.DictionaryArray.from_arrays(constant(place[1]), direction_names)
        named = pa.DictionaryArray.from_arrays(constant(quantities.index(quantity)), quantity_names)
        value = pa.array(values.reshape(-1))
        row = [step, label, constant(place[0] + 1), way, unit, named, value]
        return pa.record_batch(row, COLUMNS)

    columns = shared(hidden)
    for quantity in trace.spec.quantities:
        values = trace.quantity(quantity)
        for place in np.ndindex(layers, directions):
            yield block(columns, quantity, place, values[place])
    if trace.prediction is not None:
        outputs = trace.prediction.shape[1]
        yield block(shared(outputs), "prediction", (layers - 1, 0), trace.prediction)


def _encodable(label: str) -> str:
    """Half a surrogate pair, which JSON may bring, has no UTF-8: it becomes a question mark."""
    return label.encode("utf-8", "replace").decode("utf-8")
