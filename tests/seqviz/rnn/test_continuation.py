"""What a network goes on with is what a plain loop that feeds its answers back comes to."""

import numpy as np
import pytest
import torch
from refusals import refused
from torch import nn

import seqviz
from seqviz.rnn.continuation import continued, traced_on
from seqviz.types import Head, Model, RNNSpec


def network(mode, features=1, activation="identity", layers=2, outputs=None):
    """A model, and the same as PyTorch modules."""
    spec = RNNSpec(mode, features, 5, num_layers=layers)
    rnn = seqviz.build(spec)
    with torch.random.fork_rng():
        torch.manual_seed(3)
        head = nn.Linear(5, outputs or features)
    weights = {name: value.detach().numpy() for name, value in rnn.named_parameters()}
    model_head = Head(head.weight.detach().numpy(), head.bias.detach().numpy(), activation)
    return Model(spec, weights, model_head), rnn, head


@pytest.mark.parametrize("mode", ["LSTM", "GRU", "RNN_TANH"])
def test_values_are_those_of_the_plain_loop(mode):
    model, rnn, head = network(mode, features=2)
    x = torch.randn(9, 2, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():  # another kernel than with gradients
        output, state = rnn(x)
        step, expected = head(output[-1:]), []
        for _ in range(6):
            expected.append(step)
            output, state = rnn(step, state)
            step = head(output)
    answers = continued(model, x.numpy(), steps=6)
    assert np.array_equal(answers, torch.cat(expected).numpy())


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("mode", ["LSTM", "GRU", "RNN_TANH", "RNN_RELU"])
def test_cell_by_cell_it_goes_on_as_the_layers_do(mode, bias):
    rnn = seqviz.build(RNNSpec(mode, 2, 5, num_layers=3, bias=bias))
    head = Head(*(torch.randn(size, generator=torch.Generator().manual_seed(4)).numpy() / 4
                  for size in ((2, 5), (2,))), "identity")  # fmt: skip
    x = torch.randn(9, 2, generator=torch.Generator().manual_seed(1))
    read = seqviz.trace(rnn, x.numpy())
    following = traced_on(rnn, read, head, 20)
    model = Model(read.spec, read.weights, head)
    np.testing.assert_allclose(following.x, continued(model, x.numpy(), 20), atol=1e-6)
    whole = seqviz.trace(rnn, np.concatenate([x.numpy(), following.x]))
    np.testing.assert_allclose(following.h, whole.h[:, :, 9:], atol=1e-6)


def test_going_on_is_reading_what_was_said():
    model, _, _ = network("LSTM")
    x = np.sin(np.arange(20, dtype=np.float32))[:, None]
    answers = continued(model, x, steps=4)
    again = seqviz.trace(model, np.concatenate([x, answers])).prediction
    np.testing.assert_allclose(again[19:23], answers, atol=1e-6)


def test_the_likeliest_class_is_chosen_at_temperature_0():
    model, _, _ = network("GRU", features=4, activation="softmax")
    x = np.eye(4, dtype=np.float32)[[0, 3, 1]]
    for answer in continued(model, x, steps=5):
        assert answer.argmax() == seqviz.trace(model, x).prediction[-1].argmax()
        assert sorted(answer) == [0, 0, 0, 1]
        x = np.concatenate([x, answer[None]])


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_classes_are_drawn_as_often_as_they_are_likely(temperature):
    model, _, _ = network("GRU", features=3, activation="softmax")
    x = np.eye(3, dtype=np.float32)[[2, 0]]
    generator = torch.Generator().manual_seed(0)
    options = {"temperature": temperature, "generator": generator}
    drawn = np.mean([continued(model, x, 1, **options)[0] for _ in range(500)], axis=0)
    chances = seqviz.trace(model, x).prediction[-1] ** (1 / temperature)
    np.testing.assert_allclose(drawn, chances / chances.sum(), atol=0.07)


def test_the_generator_alone_chooses_and_never_what_is_left_out():
    model, _, _ = network("GRU", features=4, activation="softmax")
    x = np.eye(4, dtype=np.float32)[[0]]
    state = torch.random.get_rng_state()

    def drawn(seed, **options):
        generator = torch.Generator().manual_seed(seed)
        return continued(model, x, 40, temperature=2.0, generator=generator, **options)

    assert np.array_equal(drawn(1), drawn(1)) and not np.array_equal(drawn(1), drawn(2))
    assert drawn(1).sum(axis=0).min() > 0
    assert drawn(1, without=[0, 2]).sum(axis=0)[[0, 2]].tolist() == [0, 0]
    assert torch.equal(torch.random.get_rng_state(), state)


def test_what_cannot_go_on_says_so():
    model, _, _ = network("GRU")
    x = np.zeros((3, 1))
    classes, _, _ = network("GRU", 2, "softmax")
    assert "has no head" in refused(continued, Model(model.spec, model.weights), x)
    assert "answers with 3" in refused(continued, network("GRU", outputs=3)[0], x)
    assert "has 2 features" in refused(continued, model, np.zeros((3, 2)))
    assert "at least one step" in refused(continued, model, np.zeros((0, 1)))
    assert "steps is 0" in refused(continued, model, x, 0)
    assert "temperature is -1" in refused(continued, model, x, temperature=-1.0)
    assert "give a generator" in refused(continued, classes, np.eye(2), temperature=1.0)
    both = RNNSpec("GRU", 1, 5, bidirectional=True)
    weights = dict(seqviz.build(both).state_dict())
    two_ways = Model(both, weights, Head(np.ones((1, 10)), [0.0]))
    assert "one direction" in refused(continued, two_ways, x)
