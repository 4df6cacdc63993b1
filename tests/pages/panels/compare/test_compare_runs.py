"""The presets of Compare: which networks read which sequences, and where they start."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

import seqviz
from pages.panels.compare import runs as compare_runs
from pages.panels.compare.runs import ComparedRun, comparison
from pages.panels.compare.second_sequence import one_vocabulary, second_sequence
from pages.state.schema import Settings
from pages.state.session import Session
from pages.state.setup import Setup
from seqviz.analysis.representation_similarity import representation_similarity, sentence
from seqviz.data import generators
from seqviz.data import text as encoders
from seqviz.rnn import interventions
from seqviz.rnn.model import num_parameters
from seqviz.types import MODES, InputSequence, RNNSpec
from seqviz.weights import recurrent_layers

SPEC = RNNSpec("GRU", 1, 6, 2, seed=3)


def setup(spec=SPEC, sequence=None, **changes):
    sequence = sequence or generators.generate("sine", steps=20)
    return Setup(Settings(), replace(spec, input_size=sequence.input_size), sequence, **changes)


def compared(on_screen, **chosen):
    return comparison(replace(on_screen, settings=Settings(**chosen)))


def runs(preset, on_screen=None, **chosen):
    found = compared(on_screen or setup(), compare=preset, **chosen)
    assert found.problem is None, found.problem
    return found


def specs(found):
    return [run.spec for run in found.runs]


@pytest.fixture
def own():
    """Somebody's own GRU, which reads 3 features."""
    torch.manual_seed(0)
    (module,) = recurrent_layers.find(nn.GRU(3, 5).state_dict()).modules
    x = np.random.default_rng(0).normal(size=(9, 3))
    return setup(module.spec, InputSequence(x), module=module)


# ---- each preset ---------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_cells_differ_in_the_cell_and_nothing_else(mode):
    found = runs("cells", setup(replace(SPEC, mode=mode, forget_bias=None)))
    rnn = mode if mode.startswith("RNN") else "RNN_TANH"
    assert specs(found) == [replace(SPEC, mode=one) for one in (rnn, "GRU", "LSTM")]
    assert len(found.sequences) == 1 and found.notes == ()


def test_parameters_have_the_same_count_and_say_it():
    found = runs("parameters", setup(RNNSpec("LSTM", 1, 16)))
    assert [spec.hidden_size for spec in specs(found)] == [33, 19, 16]
    counts = [num_parameters(spec) for spec in specs(found)]
    assert counts == [1188, 1254, 1216]
    (note,) = found.notes
    for count in counts:
        assert f"{count:,} parameters" in note


def test_orders_read_the_same_steps():
    before = generators.generate("random_walk", steps=20)
    x = before.x[:, 0]
    for reorder, expected in (
        ("reversed", x[::-1]),
        ("shuffled", x[np.random.default_rng(5).permutation(20)]),
        ("swapped", [*x[:6], x[7], x[6], *x[8:]]),
    ):
        one, other = runs(
            "order", setup(sequence=before), reorder=reorder, shuffle_seed=5, swap_at=7
        ).runs
        assert one.sequence is before and one.spec == other.spec == SPEC
        np.testing.assert_array_equal(other.sequence.x[:, 0], expected)


def test_a_swap_beyond_the_end_swaps_the_last_two():
    other = runs("order", reorder="swapped", swap_at=1999).runs[1].sequence
    assert other.labels[-2:] == ("20", "19")


def test_seeds_and_inits_and_forget_biases():
    assert [spec.seed for spec in specs(runs("seeds", other_seed=11))] == [3, 11]
    assert [spec.init for spec in specs(runs("inits"))] == ["default", "orthogonal", "identity"]
    found = runs("forget bias", setup(replace(SPEC, bias=False)))
    assert [(spec.mode, spec.forget_bias, spec.bias) for spec in specs(found)] == [
        ("LSTM", value, True) for value in (0.0, 1.0, 3.0)
    ]
    assert found.notes == ("A forget-gate bias needs bias=True: these have it.",)
    assert found.quantities == ("h", "c", "i", "f", "g", "o")


def test_only_what_all_runs_have_can_be_shown():
    assert runs("cells").quantities == ("h",)
    assert runs("seeds").quantities == ("h", "r", "z", "n")


# ---- two sequences -------------------------------------------------------------------------------


def test_two_texts_are_one_hot_over_the_symbols_of_both():
    first = encoders.one_hot("hello")
    found = runs("sequences", setup(sequence=first), other_text="help me")
    one, other = (run.sequence for run in found.runs)
    assert one.feature_names == other.feature_names == ("e", "h", "l", "o", "␣", "m", "p")
    for sequence, text in ((one, "hello"), (other, "help␣me")):
        assert (sequence.x.sum(axis=1) == 1).all()
        assert [sequence.feature_names[i] for i in sequence.x.argmax(axis=1)] == list(text)
    assert {spec.input_size for spec in specs(found)} == {7}
    assert "input_size is 7" in found.notes[0]


def test_a_text_of_known_symbols_leaves_the_network_as_it_is():
    first = encoders.one_hot("hello")
    same, other = one_vocabulary(first, encoders.one_hot("hole"))
    assert same is first and other.x.shape == (4, 4)
    found = runs("sequences", setup(sequence=first), other_text="hole")
    assert found.notes == () and specs(found)[0].input_size == 4


@pytest.mark.parametrize("key", list(generators.SOURCES))
@pytest.mark.parametrize("steps, features", [(1, 1), (7, 1), (60, 1), (105, 6), (4, 3), (30, 80)])
def test_every_generator_gives_a_second_sequence_of_the_same_shape(key, steps, features):
    first = InputSequence(np.zeros((steps, features)))
    other, notes = second_sequence(first, Settings(other_source=key))
    assert other.x.shape == first.x.shape
    torch_randn = other.name.startswith("torch.randn(")
    assert torch_randn == bool(notes or key == "randn")
    assert all("torch.randn" in note for note in notes)


def test_the_second_sequence_has_a_seed_of_its_own():
    first = generators.generate("random_bits", steps=40)
    for seed in (4, 9):
        chosen = Settings(other_source="random_bits", other_seed=seed)
        other, _ = second_sequence(first, chosen)
        expected = generators.generate("random_bits", steps=40, seed=seed)
        np.testing.assert_array_equal(other.x, expected.x)


# ---- where they start ----------------------------------------------------------------------------


def test_runs_start_from_the_same_h_0():
    found = runs("seeds", h_0="random")
    assert np.array_equal(found.runs[0].h_0, found.runs[1].h_0)
    assert found.runs[0].h_0.shape == (2, 6)
    rnn, gru, lstm = runs("cells", h_0="random").runs
    assert np.array_equal(rnn.h_0, lstm.h_0) and rnn.c_0 is None and lstm.c_0.shape == (2, 6)


def test_values_that_do_not_fit_start_at_zero_and_say_so():
    found = runs("parameters", h_0="typed", h_0_values="1 2 3 4 5 6")
    assert [run.h_0 is None for run in found.runs] == [True, False, True]
    assert found.notes[-1].startswith("h_0 starts at zeros for RNN (tanh) and LSTM:")


def test_changes_of_hands_on_are_left_out_and_it_is_said():
    change = interventions.silence(0, layer=0, direction=0)
    (note,) = runs("seeds", setup(changes=(change,))).notes
    assert note == "The changes made in Hands on are left out here."


# ---- bad input and somebody's own weights --------------------------------------------------------


@pytest.mark.parametrize(
    "chosen, sentence",
    [
        ({"compare": "sequences", "other_text": "  "}, "There is no text to read"),
        ({"compare": "sequences", "other_text": "ab " * 1000}, "3,000 characters"),
        ({"compare": "order", "reorder": "swapped"}, "one step has no neighbours"),
    ],
)
def test_what_will_not_do_leaves_the_run_on_screen(chosen, sentence):
    on_screen = setup(sequence=encoders.one_hot("x"))
    found = compared(on_screen, **chosen)
    assert sentence in found.problem
    assert [run.title for run in found.runs] == ["on screen"]
    assert found.runs[0].sequence is on_screen.sequence


def test_own_weights_are_used_where_the_network_stays(own):
    for preset in ("order", "sequences"):
        found = runs(preset, own)
        assert all(run.module is own.module for run in found.runs)
        assert {run.sequence.x.shape for run in found.runs} == {(9, 3)}


@pytest.mark.parametrize("preset", ["cells", "parameters", "seeds", "inits", "forget bias"])
def test_own_weights_are_not_used_for_other_networks_and_it_is_said(own, preset):
    found = runs(preset, own)
    assert all(run.module is None and run.spec.init != "given" for run in found.runs)
    assert all(run.spec.input_size == 3 for run in found.runs)
    assert any("only order and sequences run your own weights" in note for note in found.notes)


def test_a_text_with_symbols_that_own_weights_do_not_know(own):
    on_screen = replace(own, sequence=encoders.one_hot("aabbc"))
    unknown = compared(on_screen, compare="sequences", other_text="abcd")
    assert "4 different symbols and your network reads 3" in unknown.problem
    assert compared(on_screen, compare="sequences", other_text="cab").problem is None


def test_networks_larger_than_build_has_are_not_built(own):
    huge = replace(own, spec=replace(own.spec, hidden_size=2048))
    found = compared(huge, compare="cells")
    assert "more than seqviz builds" in found.problem
    largest = RNNSpec("LSTM", 64, 256, 4, bidirectional=True)
    x = InputSequence(np.zeros((1, 64)))
    assert len(runs("forget bias", setup(largest, x)).runs) == 3


# ---- traces --------------------------------------------------------------------------------------


@pytest.mark.parametrize("quantity", ["h", "c", "f"])
def test_a_trace_is_pytorchs_and_keeps_what_is_shown(quantity):
    spec = replace(SPEC, mode="LSTM")
    x = generators.generate("sine", steps=20)
    found = compare_runs.trace(Session(), "A", ComparedRun("", spec, x), quantity)
    whole = seqviz.trace(seqviz.build(spec), x)
    np.testing.assert_array_equal(found.h, whole.h)
    np.testing.assert_array_equal(found.quantity(quantity), whole.quantity(quantity))
    assert set(found.gates) == {quantity} & set(whole.gates)
    assert (found.c is None) == (quantity != "c") and not found.weights


def test_own_weights_run_as_torch_runs_them(own):
    (first, other) = runs("order", own).runs
    torch.manual_seed(0)
    gru = nn.GRU(3, 5)
    for run in (first, other):
        with torch.inference_mode():
            output = gru(torch.from_numpy(run.sequence.x.copy()))[0].numpy()
        np.testing.assert_allclose(
            compare_runs.trace(Session(), "A", run).output, output, atol=1e-6
        )


def traces_of(session, found):
    return [
        compare_runs.trace(session, letter, run)
        for letter, run in zip("ABC", found.runs, strict=False)
    ]


def test_two_runs_of_one_network_apart():
    found, session = runs("order"), Session()
    traces = traces_of(session, found)
    assert found.one_network
    pair = compare_runs.distance(session, found, traces, 1)
    np.testing.assert_allclose(
        pair.norms, np.sqrt(((traces[0].h - traces[1].h) ** 2).sum(axis=(0, 1, 3))), rtol=1e-5
    )
    assert pair.sentence.startswith("The states of A and B part at step 1")


@pytest.mark.parametrize("preset", ["cells", "parameters", "seeds", "inits", "forget bias"])
def test_different_networks_are_compared_by_the_steps_they_tell_apart(preset):
    found, session = runs(preset), Session()
    traces = traces_of(session, found)
    assert not found.one_network
    for layer in (0, 1):
        measured = representation_similarity(traces[0], traces[1], layer=layer)
        said = compare_runs.similarity(session, found, traces, (0, 1), layer)
        assert said == sentence(measured, ("A", "B"))
        square = compare_runs.step_distances(session, found.runs[1], traces[1], 1, layer)
        h = traces[1].h[layer, 0].astype(float)
        np.testing.assert_allclose(square, np.linalg.norm(h[:, None] - h, axis=2), atol=1e-12)


def test_the_same_seed_twice_is_one_network():
    assert runs("seeds", other_seed=SPEC.seed).one_network
    assert not runs("seeds", other_seed=SPEC.seed + 1).one_network


def test_somebody_elses_weights_are_one_network_whatever_they_read(own):
    assert runs("order", own).one_network and runs("sequences", own).one_network


def test_runs_are_told_apart_by_network_sequence_and_start():
    one = ComparedRun("", SPEC, generators.generate("sine"))
    same = replace(one, title="another name")
    assert one.identity == same.identity
    start = np.ones((2, 6), np.float32)
    others = [
        replace(one, spec=replace(SPEC, seed=4)),
        replace(one, sequence=generators.generate("square")),
        replace(one, h_0=start),
        replace(one, c_0=start),
    ]
    assert len({run.identity for run in (one, *others)}) == 5
