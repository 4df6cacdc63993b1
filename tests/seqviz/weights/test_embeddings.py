"""Embedding matrices found beside the layer that reads them."""

import numpy as np
import pytest
import torch
from torch import nn

from seqviz.weights.embeddings import embeddings_of, find_embeddings
from seqviz.weights.recurrent_layers import find


def found_in(tensors):
    modules = find(tensors).modules
    every = find_embeddings(tensors, modules)
    return [[one.name for one in embeddings_of(module, every)] for module in modules]


class CharacterModel(nn.Module):
    def __init__(self, hidden=6, features=4):
        super().__init__()
        self.fc = nn.Linear(hidden, 9)
        self.embedding = nn.Embedding(9, features)
        self.lstm = nn.LSTM(features, hidden)
        self.norm = nn.LayerNorm(features)


def test_the_embedding_is_the_matrix_of_the_layers_width():
    model = CharacterModel()
    tensors = model.state_dict()
    assert found_in(tensors) == [["embedding.weight"]]
    (one,) = find_embeddings(tensors, find(tensors).modules)
    assert torch.equal(torch.tensor(one.matrix), model.embedding.weight)
    assert not one.matrix.flags.writeable


def test_what_is_called_an_embedding_comes_before_what_has_its_shape():
    assert found_in(CharacterModel(4, 4).state_dict()) == [["embedding.weight", "fc.weight"]]


def test_each_layer_has_its_own_first():
    layers = {"enc_w_ih": (12, 3), "enc_w_hh": (12, 4), "dec_w_ih": (12, 3), "dec_w_hh": (12, 4)}
    tensors = {name: torch.ones(shape) for name, shape in layers.items()}
    tensors |= {"enc_emb": torch.ones(7, 3), "dec_emb": torch.ones(8, 3), "fc_w": torch.ones(8, 3)}
    assert found_in(tensors) == [["enc_emb", "dec_emb"], ["dec_emb", "enc_emb"]]


@pytest.mark.parametrize(
    "matrix",
    [
        torch.ones(5, 3), torch.ones(5), torch.ones(5, 4, 1), torch.zeros(0, 4),
        torch.ones(5, 4, dtype=torch.int64), torch.full((5, 4), torch.nan),
    ],
    ids=["narrow", "vector", "cube", "empty", "integers", "nan"],
)  # fmt: skip
def test_other_tensors_are_none(matrix):
    tensors = dict(nn.GRU(4, 2).state_dict())
    assert found_in({**tensors, "embedding.weight": matrix}) == [[]]
    assert found_in({**tensors, "embedding.weight": torch.ones(5, 4)}) == [["embedding.weight"]]


def test_equal_matrices_have_one_digest():
    tensors = dict(nn.GRU(4, 2).state_dict())
    modules = find(tensors).modules

    def digest(matrix):
        (one,) = find_embeddings({"e.weight": matrix}, modules)
        return one.digest

    assert digest(torch.ones(5, 4)) == digest(torch.ones(5, 4))
    assert digest(torch.ones(5, 4)) != digest(torch.zeros(5, 4))
    assert np.unique([digest(torch.eye(4)), digest(2 * torch.eye(4))]).size == 2
