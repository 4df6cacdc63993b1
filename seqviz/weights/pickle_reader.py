"""Read what a PyTorch pickle declares, without running it.

`torch.load(weights_only=True)` runs no foreign code either, but it does call what its list
allows (`bytearray(10**12)` is a 40-byte file) and hashes whatever is used as a key (a million
nested tuples end the process). Here a pickle's opcodes are only looked at: nothing is imported,
called or allocated, and a tensor becomes a DeclaredTensor whose numbers may be fetched later.
"""

from __future__ import annotations

import pickletools
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import torch

from seqviz.errors import SeqvizError
from seqviz.limits import MAX_DIMENSIONS, MAX_EXTENT, MAX_PICKLE_OPCODES

_STORAGE_DTYPES = MappingProxyType(
    {
        "FloatStorage": torch.float32,
        "DoubleStorage": torch.float64,
        "HalfStorage": torch.float16,
        "BFloat16Storage": torch.bfloat16,
        "LongStorage": torch.int64,
        "IntStorage": torch.int32,
        "ShortStorage": torch.int16,
        "CharStorage": torch.int8,
        "ByteStorage": torch.uint8,
        "BoolStorage": torch.bool,
        "ComplexFloatStorage": torch.complex64,
        "ComplexDoubleStorage": torch.complex128,
        "QInt8Storage": torch.int8,
        "QUInt8Storage": torch.uint8,
        "QInt32Storage": torch.int32,
        "UntypedStorage": torch.uint8,
    }
)
_REBUILDS_TENSOR = {
    "torch._utils._rebuild_tensor_v2",
    "torch._utils._rebuild_tensor_v3",
    "torch._utils._rebuild_qtensor",
}
_REBUILDS_PARAMETER = {
    "torch._utils._rebuild_parameter",
    "torch._utils._rebuild_parameter_with_state",
}
_DICTIONARY = "collections.OrderedDict"
_BESIDE_TENSORS = {  # what checkpoints keep next to their weights, passed over unread
    "_codecs.encode",
    "argparse.Namespace",
    "builtins.set",
    "__builtin__.set",
    "numpy.core.multiarray.scalar",
    "numpy._core.multiarray.scalar",
    "numpy.dtype",
    "torch.Size",
    "torch.device",
    "torch.serialization._get_layout",
}
_HARMLESS = _REBUILDS_TENSOR | _REBUILDS_PARAMETER | _BESIDE_TENSORS | {_DICTIONARY}


@dataclass(frozen=True)
class Storage:
    """A record of the archive: data/<key>, numel elements of dtype."""

    key: str
    dtype: torch.dtype
    numel: int


@dataclass(frozen=True)
class DeclaredTensor:
    """What a file says of a tensor: a view of storage, as torch.as_strided takes it.

    Whether the storage exists and is that long is not known here.
    """

    storage: Storage
    dtype: torch.dtype
    offset: int
    size: tuple[int, ...]
    stride: tuple[int, ...]


def declared(pickled: bytes) -> object:
    """What the pickle holds: dicts with a DeclaredTensor for each tensor, and None for the rest.

    The dicts may share parts and may even hold themselves. Raises SeqvizError when loading the
    pickle would call anything that has no place in a state_dict, or when it is damaged.
    Source: https://docs.python.org/3/library/pickletools.html
    """
    machine = _Machine()
    try:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(pickled)):
            if count == MAX_PICKLE_OPCODES:
                raise SeqvizError(
                    f"This checkpoint has more than {MAX_PICKLE_OPCODES:,} entries: save only the "
                    "recurrent layer's state_dict()."
                )
            machine.step(opcode.name, argument)
        return machine.stack.pop()
    except _Foreign as foreign:
        raise SeqvizError(_refusal(str(foreign), pickled)) from foreign
    except SeqvizError:
        raise
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise SeqvizError(
            "This checkpoint is damaged or not PyTorch's: save it again with "
            "torch.save(model.state_dict(), path)."
        ) from error


class _Foreign(Exception):
    """Something a state_dict has no need to name."""


@dataclass(frozen=True)
class _Named:
    """A class or function the pickle names: only its name."""

    path: str

    @property
    def last(self) -> str:
        return self.path.rpartition(".")[2]


def _refusal(path: str, pickled: bytes) -> str:
    named = path[:80] if path.replace(".", "").replace("_", "").isalnum() else "unnamed code"
    advice = "save model.state_dict() with torch.save and upload that."
    if b"torch.nn.modules" in pickled:
        return f"This file holds a whole pickled model ({named}) instead of its weights: {advice}"
    return f"This file asks to run {named}, and seqviz runs nothing that a file brings: {advice}"


_VALUES = {
    "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE",
    "SHORT_BINSTRING", "BINSTRING", "BINBYTES", "SHORT_BINBYTES",
}  # fmt: skip
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class _Machine:
    """The pickle machine with its hands tied: it moves values about and calls nothing."""

    def __init__(self) -> None:
        self.stack: list[Any] = []
        self.outer: list[list[Any]] = []  # stacks put aside by MARK
        self.memo: dict[int, Any] = {}

    def step(self, name: str, argument: Any) -> None:
        if name in _VALUES:
            self.stack.append(argument)
        elif name in _CONSTANTS:
            self.stack.append(_CONSTANTS[name])
        elif name in _TUPLES:
            self.stack.append(tuple(self._pop(_TUPLES[name])))
        elif name in ("BINPUT", "LONG_BINPUT"):
            self.memo[argument] = self.stack[-1]
        elif name in ("BINGET", "LONG_BINGET"):
            self.stack.append(self.memo[argument])
        elif name not in ("PROTO", "FRAME", "STOP"):
            handler = getattr(self, f"_{name.lower()}", None)
            if handler is None:
                raise ValueError(f"opcode {name} has no place in a state_dict")
            handler(argument)

    def _pop(self, count: int) -> list[Any]:
        if len(self.stack) < count:
            raise IndexError("stack underflow")
        values = self.stack[-count:]
        del self.stack[-count:]
        return values

    def _pop_mark(self) -> list[Any]:
        values, self.stack = self.stack, self.outer.pop()
        return values

    def _mark(self, _: Any) -> None:
        self.outer.append(self.stack)
        self.stack = []

    def _memoize(self, _: Any) -> None:
        self.memo[len(self.memo)] = self.stack[-1]

    def _tuple(self, _: Any) -> None:
        values = tuple(self._pop_mark())
        self.stack.append(values)

    def _empty_dict(self, _: Any) -> None:
        self.stack.append({})

    def _empty_list(self, _: Any) -> None:
        self.stack.append(None)  # lists have no names to find a weight by

    _empty_set = _empty_list

    def _append(self, _: Any) -> None:
        self._pop(1)

    def _appends(self, _: Any) -> None:
        self._pop_mark()

    _additems = _appends
    _build = _append  # an OrderedDict's _metadata, a Namespace's fields

    def _setitem(self, _: Any) -> None:
        self._set(self._pop(2))

    def _setitems(self, _: Any) -> None:
        self._set(self._pop_mark())

    def _set(self, pairs: list[Any]) -> None:
        target = self.stack[-1]
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            # other keys stay unhashed: the hash of a nested tuple can take for ever
            if isinstance(target, dict) and isinstance(key, (str, int)):
                target[key] = value

    def _global(self, argument: str) -> None:
        self._name(argument.replace(" ", "."))

    _inst = _global

    def _stack_global(self, _: Any) -> None:
        module, name = self._pop(2)
        self._name(f"{module}.{name}" if isinstance(name, str) else "?")

    def _name(self, path: str) -> None:
        named = _Named(path)
        known = (
            path in _HARMLESS
            or path in (f"torch.{named.last}", f"torch.storage.{named.last}")
            and (named.last in _STORAGE_DTYPES or _is_constant(named.last))
        )
        if not known:
            raise _Foreign(path)
        self.stack.append(named)

    def _reduce(self, _: Any) -> None:
        named, arguments = self._pop(2)
        self.stack.append(_rebuilt(named.path, arguments))

    def _newobj(self, _: Any) -> None:
        self._pop(2)
        self.stack.append(None)

    def _binpersid(self, _: Any) -> None:
        kind, named, key, _location, numel = self.stack.pop()
        if kind != "storage" or not isinstance(key, str) or not isinstance(numel, int):
            raise ValueError("not a storage")
        self.stack.append(Storage(key, _STORAGE_DTYPES[named.last], numel))


def _is_constant(name: str) -> bool:
    """torch.float16 or torch.per_channel_affine."""
    return isinstance(getattr(torch, name, None), (torch.dtype, torch.qscheme))


def _dtype(named: object) -> torch.dtype | None:
    """torch.float8_e4m3fn and the like, by name."""
    if not isinstance(named, _Named):
        return None
    constant = getattr(torch, named.last, None)
    return constant if isinstance(constant, torch.dtype) else None


def _rebuilt(path: str, arguments: tuple[Any, ...]) -> object:
    """What the call would return, as far as it matters here."""
    if path == _DICTIONARY:
        return {}
    if path in _REBUILDS_PARAMETER:
        return arguments[0]
    if path not in _REBUILDS_TENSOR:
        return None
    storage, offset, size, stride = arguments[:4]
    numbers = (offset, *size, *stride)
    if not isinstance(storage, Storage) or len(size) > MAX_DIMENSIONS or len(size) != len(stride):
        raise ValueError("not a tensor")
    if not all(isinstance(number, int) and 0 <= number <= MAX_EXTENT for number in numbers):
        raise ValueError("not a tensor")
    # version 3 names the dtype of an untyped storage; an older tensor has its storage's
    dtype = _dtype(arguments[6]) if path.endswith("_v3") else storage.dtype
    return DeclaredTensor(storage, dtype or storage.dtype, offset, tuple(size), tuple(stride))
