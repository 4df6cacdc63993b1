"""RSA and linear CKA against formulas written out, and what must and must not change them."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import overflowing, traced

import seqviz
from seqviz.analysis.representation_similarity import (
    chance_cka,
    distance_matrix,
    layer_states,
    linear_cka,
    representation_similarity,
    rsa,
    sentence,
)
from seqviz.errors import SeqvizError
from seqviz.types import MODES, RNNSpec


def normal(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def with_states(h) -> seqviz.Trace:
    """A real trace whose h is replaced by chosen numbers, (T,) or (T, H)."""
    h = np.asarray(h, np.float32).reshape(len(h), -1)
    trace = traced("RNN_TANH", len(h), hidden_size=h.shape[1])
    return replace(trace, h=h[None, None])


# ---- the formulas written out --------------------------------------------------------------------


def test_distances_are_the_length_of_every_difference():
    x = normal(7, 3)
    found = distance_matrix(x).numpy()
    for s, t in itertools.product(range(7), repeat=2):
        assert found[s, t] == pytest.approx(math.dist(x[s], x[t]), abs=1e-15)


def test_rsa_is_the_correlation_of_the_distances_of_all_pairs():
    x, y = normal(9, 4), normal(9, 6, seed=1) + normal(9, 4) @ normal(4, 6, seed=2)
    pairs = list(itertools.combinations(range(9), 2))
    first, second = ([math.dist(one[s], one[t]) for s, t in pairs] for one in (x, y))
    assert rsa(x, y) == pytest.approx(np.corrcoef(first, second)[0, 1], abs=1e-12)


def test_cka_is_the_formula_of_the_paper_over_both_gram_matrices():
    """tr(KHLH) / sqrt(tr(KHKH) tr(LHLH)), K = XXᵀ, L = YYᵀ: equations 3 and 4 of the paper."""
    x, y = normal(8, 5) + 3, normal(8, 3, seed=1)
    centring = torch.eye(8, dtype=torch.float64) - 1 / 8
    first, second = (centring @ one @ one.T @ centring for one in (x, y))
    lengths = torch.trace(first @ first) * torch.trace(second @ second)
    expected = torch.trace(first @ second) / torch.sqrt(lengths)
    assert linear_cka(x, y) == pytest.approx(float(expected), abs=1e-12)


def test_chance_is_the_mean_over_all_orders_of_the_steps():
    x, y = normal(5, 3), normal(5, 2, seed=1)
    every = [linear_cka(x, y[list(order)]) for order in itertools.permutations(range(5))]
    assert chance_cka(x, y) == pytest.approx(np.mean(every), abs=1e-12)
    every = [rsa(x, y[list(order)]) for order in itertools.permutations(range(5))]
    assert np.mean(every) == pytest.approx(0, abs=1e-12)  # what the sentence calls chance


def test_one_unit_by_hand():
    """Distances 1, 3, 2 and 1, 1, 2; linear CKA of single units is their correlation squared."""
    x, y = (torch.tensor(one).double()[:, None] for one in ([0, 1, 3], [0, 1, -1]))
    r = np.corrcoef(x.ravel(), y.ravel())[0, 1]
    assert linear_cka(x, y) == pytest.approx(r**2, abs=1e-12)
    assert rsa(x, y) == pytest.approx(np.corrcoef([1, 3, 2], [1, 1, 2])[0, 1], abs=1e-12)
    assert chance_cka(x, y) == pytest.approx(1 / 2, abs=1e-12)  # 1 / (T - 1) for one unit each


# ---- what they are blind to, and what not --------------------------------------------------------


def permuted(mode: str, bidirectional: bool) -> tuple[seqviz.Trace, seqviz.Trace]:
    """A network, and the same with the units of each layer and direction in another order."""
    spec = RNNSpec(mode, 2, 6, 2, bidirectional=bidirectional, seed=4)
    rnn, other = seqviz.build(spec), seqviz.build(spec)
    order = {
        (layer, end): torch.randperm(6, generator=torch.Generator().manual_seed(7 * layer + k))
        for layer in (0, 1)
        for k, end in enumerate(("", "_reverse")[: spec.num_directions])
    }
    below = torch.cat([order[key] + 6 * k for k, key in enumerate(k for k in order if not k[0])])
    with torch.no_grad():
        for (layer, end), units in order.items():
            rows = torch.cat([units + 6 * gate for gate in range(max(1, len(spec.gates)))])
            for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
                value = getattr(rnn, f"{name}_l{layer}{end}")[rows]
                if name == "weight_hh":
                    value = value[:, units]
                elif name == "weight_ih" and layer:
                    value = value[:, below]
                getattr(other, f"{name}_l{layer}{end}").copy_(value)
    x = torch.randn(30, 2, generator=torch.Generator().manual_seed(1))
    return seqviz.trace(rnn, x), seqviz.trace(other, x)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("mode", MODES)
def test_networks_that_differ_in_the_order_of_units_alone_are_the_same(mode, bidirectional):
    a, b = permuted(mode, bidirectional)
    assert np.abs(a.h - b.h).max() > 0.01  # unit by unit they are not
    for layer in (0, 1):
        found = representation_similarity(a, b, layer=layer)
        assert (found.rsa, found.cka) == pytest.approx((1, 1), abs=1e-6)
        assert 0 < found.chance < 0.9 and found.steps == 30 and found.note == ""
        assert sentence(found).startswith("A and B tell the same steps apart, almost equally far")


def test_turning_moving_and_scaling_the_states_changes_nothing():
    x, y = normal(12, 4), normal(12, 7, seed=1)
    turn = torch.linalg.qr(normal(4, 4, seed=2)).Q
    for measure in (rsa, linear_cka, chance_cka):
        assert measure(1e-3 * x @ turn + 5, y) == pytest.approx(measure(x, y), abs=1e-9)
        assert measure(x, y) == pytest.approx(measure(y, x), abs=1e-12)


def test_other_networks_are_told_apart():
    """Different steps and one stretched direction count: neither number is 1 for everything."""
    x = normal(40, 4)
    assert linear_cka(x, normal(40, 4, seed=1)) < 0.4 and abs(rsa(x, normal(40, 4, seed=1))) < 0.3
    stretched = x * torch.tensor([10.0, 1, 1, 1])
    assert linear_cka(x, stretched) < 0.9 and rsa(x, stretched) < 0.9


@given(st.integers(3, 12), st.integers(1, 5), st.integers(1, 5), st.integers(0, 10**6),
       st.sampled_from([1e-30, 1e-3, 1.0, 1e30, 3e37]))  # fmt: skip
@settings(max_examples=60)
def test_bounds_hold_for_any_states(steps, width, other, seed, size):
    x, y = size * normal(steps, width, seed=seed), normal(steps, other, seed=seed + 1)
    assert -1 - 1e-9 <= rsa(x, y) <= 1 + 1e-9
    assert -1e-9 <= linear_cka(x, y) <= 1 + 1e-9 and 0 < chance_cka(x, y) <= 1 + 1e-9
    assert (rsa(x, x), linear_cka(x, x)) == pytest.approx((1, 1), abs=1e-9)


# ---- where there is nothing to compare -----------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 2])
def test_fewer_than_three_steps_are_not_compared(steps):
    a, b = traced("GRU", steps), traced("LSTM", steps)
    found = representation_similarity(a, b)
    assert all(math.isnan(value) for value in (found.rsa, found.cka, found.chance))
    said = "A and C cannot be compared: comparing networks takes at least 3 steps."
    assert sentence(found, ("A", "C")) == said


@pytest.mark.parametrize("value", [0.0, 0.1, 1e30])
def test_states_that_stand_still_are_not_compared(value):
    found = representation_similarity(with_states([value] * 5), with_states(range(5)))
    assert math.isnan(found.rsa) and math.isnan(found.cka)
    assert "do not change from step to step" in sentence(found)


def test_equal_distances_everywhere_have_no_rsa_and_no_crash():
    x = torch.eye(4, dtype=torch.float64)
    assert math.isnan(rsa(x, normal(4, 2))) and linear_cka(x, x) == pytest.approx(1)


def test_steps_past_float32_are_left_out_and_it_is_said():
    a, b = overflowing(12, 1e5), traced("GRU", 12)
    known = np.isfinite(a.h).all(axis=(0, 1, 3))
    assert 3 <= known.sum() < 12
    found = representation_similarity(a, b)
    assert found.steps == known.sum() and np.isfinite([found.rsa, found.cka, found.chance]).all()
    x, y = layer_states(a)[known], layer_states(b)[known]
    assert (found.rsa, found.cka) == (rsa(x, y), linear_cka(x, y))
    assert f"{12 - known.sum()} steps beyond the range of float32 left out" in sentence(found)
    nothing = representation_similarity(with_states([np.nan] * 4), with_states(range(4)))
    assert nothing.steps == 0 and "at least 3 steps" in sentence(nothing)


def test_runs_of_different_length_are_refused():
    with pytest.raises(SeqvizError, match="4 and 5 steps"):
        representation_similarity(traced("GRU", 4), traced("GRU", 5))
    with pytest.raises(SeqvizError, match="layer"):
        representation_similarity(traced("GRU", 4), traced("GRU", 4), layer=1)


# ---- the words -----------------------------------------------------------------------------------


def test_states_are_both_directions_side_by_side():
    trace = traced("LSTM", 5, num_layers=2, bidirectional=True)
    for layer in (0, 1, -1):
        expected = np.concatenate(list(trace.h[layer]), axis=-1)
        np.testing.assert_array_equal(layer_states(trace, layer).numpy(), expected)


def test_every_degree_has_its_words_and_both_numbers():
    def said(value):
        found = replace(measured, rsa=value)
        return sentence(found, ("left", "right"))

    measured = representation_similarity(traced("GRU"), traced("LSTM"))
    begun = [said(value).split(" (")[0] for value in (1, 0.8, 0.5, 0, -0.5)]
    assert len(set(begun)) == 5
    assert begun[1] == "Steps that left tells apart, right mostly tells apart too"
    assert f"linear CKA {measured.cka:.2f}, by chance {measured.chance:.2f})" in said(0.5)
    assert "RSA 0.50" in said(0.5) and "RSA -0.50" in said(-0.5)
