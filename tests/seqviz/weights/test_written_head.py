"""A file of seqviz says what its head is; what a file does not say, nobody makes up."""

import json

import numpy as np
import pytest
import safetensors.numpy

from seqviz.applications.registry import APPLICATIONS
from seqviz.limits import MAX_WEIGHT_OUTPUTS
from seqviz.weights.files import read_weights
from seqviz.weights.written import state_dict_bytes


def file_with(outputs, about):
    head = {
        "head.weight": np.zeros((outputs, 4), np.float32),
        "head.bias": np.zeros(outputs, np.float32),
    }
    return read_weights("own.safetensors", safetensors.numpy.save(head, about))


@pytest.mark.parametrize("use", ["weather", "handwriting"])
def test_the_head_comes_back_with_its_names_and_activation(use):
    head = APPLICATIONS[use].model().head
    again = read_weights("x.safetensors", state_dict_bytes(APPLICATIONS[use].model())).head
    assert again.digest == head.digest
    assert (again.names, again.activation) == (head.names, head.activation)


def test_a_head_that_the_file_describes():
    about = {"head": json.dumps({"activation": "softmax", "names": ["a", "b"]})}
    assert file_with(2, about).head.names == ("a", "b")


NO_HEADS = [
    None,
    {"head": "no JSON"},
    {"head": "[]"},
    {"head": '{"names": 7}'},
    {"head": '{"activation": "magic", "names": ["a", "b"]}'},
    {"head": '{"activation": "softmax", "names": ["a"]}'},
    {"head": "[" * 9999},
]


@pytest.mark.parametrize("about", NO_HEADS)
def test_a_head_that_is_not_described_is_no_head(about):
    assert file_with(2, about).head is None


def test_a_head_of_very_many_outputs_is_left_out():
    names = [str(k) for k in range(MAX_WEIGHT_OUTPUTS + 1)]
    about = {"head": json.dumps({"activation": "softmax", "names": names})}
    assert file_with(len(names), about).head is None
