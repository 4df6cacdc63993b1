"""Files of weights, honest and forged, and the sentence that refuses one."""

import io
import os
import zipfile

import numpy as np
import refusals
import torch
from refusals import at_most
from torch import nn

from seqviz.weights.files import read_weights

MB = 2**20


def saved(thing, **options):
    buffer = io.BytesIO()
    torch.save(thing, buffer, **options)
    return buffer.getvalue()


def npz(arrays, save=np.savez):
    buffer = io.BytesIO()
    save(buffer, **arrays)
    return buffer.getvalue()


def as_arrays(state_dict):
    return {name: value.numpy() for name, value in state_dict.items()}


def refused(data, name="weights.pt", **options):
    sentence = refusals.refused(read_weights, name, data, **options)
    assert len(sentence) < 300
    return sentence


def rezipped(data, changes, compression=zipfile.ZIP_STORED):
    """The archive with some records replaced: {ending of the name: bytes -> bytes}."""
    buffer = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(data))
    with old, zipfile.ZipFile(buffer, "w", compression) as new:
        for entry in old.infolist():
            content = old.read(entry)
            for ending, change in changes.items():
                if entry.filename.endswith(ending):
                    content = change(content)
            new.writestr(entry.filename, content)
    return buffer.getvalue()


def archive_of(pickled, records=None):
    """A torch.save archive around any pickle."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", pickled)
        archive.writestr("archive/version", "3\n")
        for key, content in (records or {}).items():
            archive.writestr(f"archive/data/{key}", content)
    return buffer.getvalue()


def model():
    torch.manual_seed(0)
    layers = nn.ModuleDict({"rnn": nn.LSTM(3, 4, 2, bidirectional=True), "out": nn.Linear(8, 2)})
    return layers


def cheaply_refused(data, name="weights", **options):
    with at_most(8):
        return refused(data, name, **options)


class Evil:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)
