"""The zip archives torch.save writes: names from the pickle, numbers from the records."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator

import torch
from torch import Tensor

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_PICKLE_DEPTH, MAX_WEIGHT_ENTRIES, MAX_WEIGHT_HEADER, MAX_WEIGHT_NAME
from seqviz.weights.pickle_reader import DeclaredTensor, declared
from seqviz.weights.zip_archive import megabytes, unpacked

ONLY_THE_LAYER = "save only the recurrent layer's state_dict()"
_WRAPPERS = {"state_dict", "model_state_dict", "model", "network", "net", "weights", "params"}


def pickle_root(archive: zipfile.ZipFile) -> str | None:
    """The folder that holds data.pkl ("archive/"), or None when torch.save did not write this."""
    for name in archive.namelist():
        if name == "data.pkl" or name.endswith("/data.pkl"):
            return name.removesuffix("data.pkl")
    return None


def checkpoint_tensors(archive: zipfile.ZipFile, root: str, max_bytes: int) -> dict[str, Tensor]:
    """The tensors torch.load(weights_only=True) would return, by name, in their own dtypes.

    Sizes, strides and records are compared before anything is made. Raises SeqvizError when they
    disagree, when the tensors as float32 exceed max_bytes, or when loading would need code.
    Source: https://docs.pytorch.org/docs/stable/notes/serialization.html
    """
    _check_kind(archive, root)
    tensors = flatten(declared(unpacked(archive, root + "data.pkl")))
    for name, tensor in tensors.items():
        _check_view(name, tensor, archive.getinfo(f"{root}data/{tensor.storage.key}").file_size)
    check_total(sum(math.prod(tensor.size) for tensor in tensors.values()), max_bytes)
    storages: dict[str, bytearray] = {}
    for tensor in tensors.values():
        key = tensor.storage.key
        if key not in storages:
            storages[key] = bytearray(unpacked(archive, f"{root}data/{key}"))
    return {name: _view(tensor, storages[tensor.storage.key]) for name, tensor in tensors.items()}


def check_total(elements: int, max_bytes: int) -> None:
    """SeqvizError when so many numbers, as float32, exceed max_bytes."""
    if elements * 4 > max_bytes:
        raise SeqvizError(
            f"The tensors in this file take {megabytes(elements * 4)} as float32 and seqviz reads "
            f"{megabytes(max_bytes)}: {ONLY_THE_LAYER}."
        )


def flatten(tree: object) -> dict[str, DeclaredTensor]:
    """Tensors by name, out of dictionaries in dictionaries, in their order.

    Names are joined with dots; a wrapper such as "state_dict" leaves no trace while it is the
    only one at its level.
    """
    tensors: dict[str, DeclaredTensor] = {}
    for visited, (short, full, value) in enumerate(_nodes(tree, (), ())):
        if visited > 10 * MAX_WEIGHT_ENTRIES or len(tensors) > MAX_WEIGHT_ENTRIES:
            raise SeqvizError(f"This checkpoint has too many entries: {ONLY_THE_LAYER}.")
        if isinstance(value, DeclaredTensor):
            tensors[full if short in tensors else short] = value
    return tensors


def _nodes(
    tree: object, short: tuple[str, ...], full: tuple[str, ...]
) -> Iterator[tuple[str, str, object]]:
    """(name without wrappers, name with them, value) of everything, dictionaries included."""
    yield ".".join(short), ".".join(full), tree
    if not isinstance(tree, dict):
        return
    if len(full) == MAX_PICKLE_DEPTH:
        raise SeqvizError(
            f"This checkpoint nests dictionaries more than {MAX_PICKLE_DEPTH} deep: "
            f"{ONLY_THE_LAYER}."
        )
    wrappers = {key for key, value in tree.items() if key in _WRAPPERS and isinstance(value, dict)}
    for key, value in tree.items():
        name = str(key)
        if len(name) <= MAX_WEIGHT_NAME:
            kept = () if {key} == wrappers else (name,)
            yield from _nodes(value, (*short, *kept), (*full, name))


def _check_kind(archive: zipfile.ZipFile, root: str) -> None:
    names = set(archive.namelist())
    if root + "constants.pkl" in names:
        raise SeqvizError(
            "This is a TorchScript program: save model.state_dict() with torch.save and upload "
            "that."
        )
    if root + "byteorder" in names and unpacked(archive, root + "byteorder") != b"little":
        raise SeqvizError("This file comes from a big-endian machine: save it as safetensors.")
    if archive.getinfo(root + "data.pkl").file_size > MAX_WEIGHT_HEADER:
        raise SeqvizError(
            f"This checkpoint's table of contents exceeds {megabytes(MAX_WEIGHT_HEADER)}: "
            f"{ONLY_THE_LAYER}."
        )


def _check_view(name: str, tensor: DeclaredTensor, stored: int) -> None:
    """The tensor lies within its storage, and its storage is all there."""
    storage = tensor.storage
    available = stored // tensor.dtype.itemsize
    elements = math.prod(tensor.size)
    steps = zip(tensor.size, tensor.stride, strict=True)
    last = tensor.offset + sum((size - 1) * stride for size, stride in steps)
    if (
        storage.numel * storage.dtype.itemsize != stored
        or elements > available  # an expanded tensor repeats what it has
        or (elements and last >= available)
    ):
        raise SeqvizError(
            f"{name} declares {elements:,} numbers and the file holds {available:,} for it: "
            "save it again with torch.save(model.state_dict(), path)."
        )


def _view(tensor: DeclaredTensor, storage: bytearray) -> Tensor:
    if not math.prod(tensor.size):
        return torch.empty(tensor.size, dtype=tensor.dtype)
    whole = len(storage) // tensor.dtype.itemsize
    flat = torch.frombuffer(storage, dtype=tensor.dtype, count=whole)
    view = flat.as_strided(tensor.size, tensor.stride, tensor.offset)
    return view.clone(memory_format=torch.contiguous_format)
