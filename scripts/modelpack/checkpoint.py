"""Reads the tensors of a PyTorch checkpoint in the format from before 1.6, without PyTorch.

The file is four pickles (magic number, protocol, system description, the dictionary of tensors), a fifth with the order
of the storages, and then each storage: its length as a little-endian 64-bit integer and its raw bytes. A pickle can run
any code, so the reader below knows the few names a dictionary of tensors needs and refuses every other.
"""

from __future__ import annotations

import collections
import io
import pickle
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

from .graph import Array

ELEMENTS: dict[str, type[np.generic]] = {
    "FloatStorage": np.float32, "DoubleStorage": np.float64, "HalfStorage": np.float16, "LongStorage": np.int64,
}  # fmt: skip


@dataclass(frozen=True)
class View:
    """A tensor as the pickle describes it: where in which storage it lies. Offset and strides count elements."""

    storage: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _TensorUnpickler(pickle.Unpickler):
    """Understands tensors and ordered dictionaries, nothing else."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self.elements: dict[str, type[np.generic]] = {}

    def find_class(self, module: str, name: str) -> Any:
        if module == "torch" and name in ELEMENTS:
            return name
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, shape, strides, *_: View(storage, offset, tuple(shape), tuple(strides))
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        raise pickle.UnpicklingError(f"{module}.{name} has no place among tensors")

    def persistent_load(self, reference: Any) -> str:
        _, element, storage, *_ = reference
        self.elements[storage] = ELEMENTS[element]
        return storage


def tensors(checkpoint: bytes) -> dict[str, Array]:
    """Every tensor of the checkpoint by name, copied out of the file."""
    file = io.BytesIO(checkpoint)
    for _ in ("magic number", "protocol", "system"):
        _TensorUnpickler(file).load()
    reader = _TensorUnpickler(file)
    views: dict[str, View] = reader.load()
    storages: dict[str, Array] = {}
    for key in _TensorUnpickler(file).load():
        (count,) = struct.unpack("<q", file.read(8))
        element = np.dtype(reader.elements[key])
        storages[key] = np.frombuffer(file.read(count * element.itemsize), element)
    return {name: extracted(view, storages[view.storage]) for name, view in views.items()}


def extracted(view: View, storage: Array) -> Array:
    """The tensor a view describes, as an array of its own."""
    if not view.shape:
        return storage[view.offset].copy()
    last = view.offset + sum((length - 1) * stride for length, stride in zip(view.shape, view.strides))
    if last >= storage.size:
        raise ValueError("a tensor reaches past the end of its storage")
    strides = [stride * storage.itemsize for stride in view.strides]
    return np.lib.stride_tricks.as_strided(storage[view.offset :], view.shape, strides).copy()
