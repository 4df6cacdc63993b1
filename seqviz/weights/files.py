"""Bytes somebody uploaded -> named tensors, with every size checked before it is believed."""

from __future__ import annotations

import ast
import json
import math
import re
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor

from seqviz.errors import SeqvizError
from seqviz.limits import (
    MAX_DIMENSIONS,
    MAX_WEIGHT_BYTES,
    MAX_WEIGHT_ENTRIES,
    MAX_WEIGHT_HEADER,
    MAX_WEIGHT_NPY_HEADER,
    MAX_WEIGHT_OUTPUTS,
)
from seqviz.rnn.head import from_description
from seqviz.types import Head
from seqviz.weights.torch_zip import (
    ONLY_THE_LAYER,
    check_total,
    checkpoint_tensors,
    pickle_root,
)
from seqviz.weights.zip_archive import megabytes, open_archive, unpacked

# bool, integers, floats and complex numbers of the sizes torch knows, and the 80-bit float
_NPY_NUMBERS = re.compile(r"[<>|=](b1|[iu][1248]|f(2|4|8|16)|c(8|16))")
_SAFETENSORS_BYTES = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "I16": 2, "U16": 2, "F16": 2,
    "BF16": 2, "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8, "C64": 8,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class WeightFile:
    """The tensors of a file, on the CPU.

    tensors: floating-point ones as float32, others (step counters, quantised weights) as they
    were stored. notes: sentences on what was converted on the way. head: of head.weight and
    head.bias, where the file says what they are, as files of seqviz do.
    """

    tensors: Mapping[str, Tensor]
    notes: tuple[str, ...] = ()
    head: Head | None = None


def read_weights(name: str, data: bytes, max_bytes: int = MAX_WEIGHT_BYTES) -> WeightFile:
    """The named tensors in an uploaded safetensors, .pt, .pth or NPZ file.

    The content decides how it is read, not the ending of name. Tensors in nested dictionaries
    get joined names ("ema.rnn.weight_ih_l0"), without the usual wrapper ("state_dict"). No code
    from the file runs, and neither the file nor its tensors as float32 may exceed max_bytes.

    Raises SeqvizError, one sentence, for anything that is not such a file, is damaged, is too
    large once unpacked, or needs code to load.
    """
    if not data:
        raise SeqvizError(f"{name} is empty: choose a .safetensors, .pt, .pth or .npz file.")
    if len(data) > max_bytes:
        raise SeqvizError(
            f"{name} has {megabytes(len(data))} and seqviz reads {megabytes(max_bytes)} of "
            f"weights: {ONLY_THE_LAYER}."
        )
    if data[:2] == b"PK":
        stored = _zip_tensors(data, max_bytes)
    elif data[8:9] == b"{" or name.lower().endswith(".safetensors"):
        stored = _safetensors(data, max_bytes)
    elif data[:1] == b"\x80":  # a bare pickle: what torch.save wrote before 1.6
        raise SeqvizError(
            "This is a bare pickle, as PyTorch saved before version 1.6: save it again with "
            "torch.save(model.state_dict(), path) in a newer PyTorch."
        )
    else:
        raise SeqvizError(
            f"{name} holds no weights seqviz can read: upload a state_dict as .safetensors, .pt, "
            ".pth or .npz."
        )
    if not stored:
        raise SeqvizError(
            f"{name} holds no named tensors: save model.state_dict() and upload that."
        )
    tensors = {key: _as_float32(value) for key, value in stored.items()}
    head = _head(tensors, data) if {"head.weight", "head.bias"} <= tensors.keys() else None
    return WeightFile(MappingProxyType(tensors), _conversions(stored), head)


def _head(tensors: Mapping[str, Tensor], data: bytes) -> Head | None:
    """What the metadata of a safetensors file makes of the head's weights."""
    weight, bias = tensors["head.weight"].numpy(), tensors["head.bias"].numpy()
    about = _metadata(data).get("head")
    if not isinstance(about, str) or not 0 < len(bias.ravel()) <= MAX_WEIGHT_OUTPUTS:
        return None
    try:
        return from_description(weight, bias, about)
    except SeqvizError:  # somebody else's, which is called alike
        return None


def _metadata(data: bytes) -> Mapping[str, object]:
    """Of a safetensors file that was read already; of another, nothing."""
    if data[8:9] != b"{":
        return {}
    length = int.from_bytes(data[:8], "little")
    found = json.loads(data[8 : 8 + length]).get("__metadata__")
    return found if isinstance(found, dict) else {}


def _as_float32(tensor: Tensor) -> Tensor:
    return tensor.float() if tensor.is_floating_point() else tensor


def _conversions(stored: Mapping[str, Tensor]) -> tuple[str, ...]:
    counts = Counter(t.dtype for t in stored.values() if t.is_floating_point())
    counts.pop(torch.float32, None)
    return tuple(
        f"{count} tensor{' was' if count == 1 else 's were'} {str(dtype)[6:]} and "
        f"{'is' if count == 1 else 'are'} read as float32."
        for dtype, count in counts.items()
    )


def _safetensors(data: bytes, max_bytes: int) -> dict[str, Tensor]:
    """8 bytes of length, that much JSON, then the numbers."""
    import safetensors.torch
    from safetensors import SafetensorError

    damaged = "This safetensors file is damaged: save it again with safetensors.torch.save_file."
    length = int.from_bytes(data[:8], "little")
    if length > len(data) - 8 or len(data) < 8:
        raise SeqvizError(damaged)
    if length > MAX_WEIGHT_HEADER:
        raise SeqvizError(
            f"This safetensors file describes itself in {megabytes(length)}, more than "
            f"{megabytes(MAX_WEIGHT_HEADER)}: {ONLY_THE_LAYER}."
        )
    try:
        header = json.loads(data[8 : 8 + length])
        header.pop("__metadata__", None)
        if len(header) > MAX_WEIGHT_ENTRIES:
            raise SeqvizError(
                f"This file holds {len(header):,} tensors and seqviz reads {MAX_WEIGHT_ENTRIES:,}: "
                f"{ONLY_THE_LAYER}."
            )
        space = len(data) - 8 - length
        check_total(sum(_declared_elements(entry, space) for entry in header.values()), max_bytes)
        loaded = safetensors.torch.load(data)
        return {name: loaded[name] for name in header}  # it gives them in no order
    except SeqvizError:
        raise
    except (
        *(ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError),
        SafetensorError,
    ) as error:
        raise SeqvizError(damaged) from error


def _declared_elements(entry: dict[str, object], space: int) -> int:
    """Elements of one tensor, once its shape, its dtype and its place in the file agree."""
    dtype, shape, place = entry["dtype"], entry["shape"], entry["data_offsets"]
    if dtype not in _SAFETENSORS_BYTES:
        raise SeqvizError(f"This file holds {str(dtype)[:20]} tensors: save them as float32.")
    assert isinstance(dtype, str)
    if not isinstance(shape, list) or not isinstance(place, list):
        raise TypeError("shape and data_offsets are lists")
    if len(shape) > MAX_DIMENSIONS:
        raise ValueError("too many dimensions")
    if any(type(n) is not int or n < 0 for n in (*shape, *place)):
        raise ValueError("sizes are counted from 0")
    start, end = place
    elements = math.prod(shape)
    if not start <= end <= space or elements * _SAFETENSORS_BYTES[dtype] != end - start:
        raise ValueError("shape and extent disagree")
    return elements


def _zip_tensors(data: bytes, max_bytes: int) -> dict[str, Tensor]:
    room = max_bytes + MAX_WEIGHT_HEADER
    with open_archive(data, room, ONLY_THE_LAYER) as archive:
        root = pickle_root(archive)
        if root is not None:
            return checkpoint_tensors(archive, root, max_bytes)
        return _npz(archive, max_bytes)


def _npz(archive: zipfile.ZipFile, max_bytes: int) -> dict[str, Tensor]:
    names = [name for name in archive.namelist() if name.endswith(".npy")]
    if not names:
        raise SeqvizError(
            "This zip holds neither a PyTorch checkpoint nor NumPy arrays: upload a state_dict "
            "as .safetensors, .pt, .pth or .npz."
        )
    layouts = {name: _npy_layout(archive, name) for name in names}
    check_total(sum(math.prod(layout.shape) for layout in layouts.values()), max_bytes)
    return {name.removesuffix(".npy"): _npy(archive, name, layouts[name]) for name in names}


class _Layout(NamedTuple):
    """What the header of an .npy record declares, and where the numbers start."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    fortran_order: bool
    start: int


def _npy_layout(archive: zipfile.ZipFile, name: str) -> _Layout:
    """The header of one array, once it and the record's length agree.

    Read here rather than by NumPy, whose reader also repairs headers and builds any dtype.
    Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
    """
    label = name.removesuffix(".npy")[:80]
    with archive.open(name) as record:
        major, _ = np.lib.format.read_magic(record)
        length = int.from_bytes(record.read(2 if major == 1 else 4), "little")
        if length > MAX_WEIGHT_NPY_HEADER:
            raise ValueError("header too long")
        header = _literal(record.read(length).decode())
        start = record.tell()
    descr, shape = header["descr"], header["shape"]
    if not isinstance(descr, str) or not _NPY_NUMBERS.fullmatch(descr):
        raise SeqvizError(f"{label} holds {str(descr)[:40]}: save it as numbers, in float32.")
    if len(shape) > MAX_DIMENSIONS or any(type(n) is not int or n < 0 for n in shape):
        raise ValueError("no such shape")
    layout = _Layout(np.dtype(descr), shape, header["fortran_order"] is True, start)
    if math.prod(shape) * layout.dtype.itemsize != archive.getinfo(name).file_size - start:
        raise SeqvizError(
            f"{label} declares the shape {str(shape)[:60]} and its data do not fit it: save it "
            "again with np.savez."
        )
    return layout


def _literal(text: str) -> dict[str, Any]:
    try:
        value = ast.literal_eval(text)
    except (SyntaxError, RecursionError, MemoryError) as error:  # what too deep a text raises
        raise ValueError("not a header") from error
    if not isinstance(value, dict):
        raise TypeError("not a header")
    return value


def _npy(archive: zipfile.ZipFile, name: str, layout: _Layout) -> Tensor:
    flat = np.frombuffer(unpacked(archive, name), layout.dtype, offset=layout.start)
    array = flat.reshape(layout.shape, order="F" if layout.fortran_order else "C")
    native = layout.dtype.newbyteorder("=")
    if native == np.longdouble:  # torch has no 80-bit float
        native = np.dtype(np.float64)
    with np.errstate(all="ignore"):  # what float64 cannot hold becomes infinity, refused by find
        return torch.from_numpy(np.array(array, dtype=native, order="C"))
