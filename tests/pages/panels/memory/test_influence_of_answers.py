"""Memory's Influence on the answers of a trained network, without a browser."""

import numpy as np
import pytest
import torch
import visits
from trained_visits import trained
from visits import choose, name_of, player, sound, widgets

from seqviz.analysis.answer_influence import answer_in_words
from seqviz.analysis.forgetting import influence_in_words
from seqviz.analysis.influence import influence

pytestmark = pytest.mark.usefixtures("schedule")


def words(app, key="map"):
    """What stands for a chart, the map of influences if no other."""
    (chart,) = [c for c in app.get("plotly_chart") if c.key == f"_memory_{key}"]
    return chart.proto.alt


def choices(app):
    return [widget for widget in widgets(app) if name_of(widget) == "influence_of"]


@pytest.mark.parametrize("task", ["adding", "order"])
def test_the_answer_is_a_choice_beside_the_state(task, shown):
    app = sound(trained(task).switch_page("memory.py").run())
    run, last = shown[-1], len(shown[-1]) - 1
    assert words(app).startswith(influence_in_words(influence(run), last))
    choose(app, "influence_of", "answer")
    assert app.query_params["influence_of"] == "answer"
    found = influence(run, answer=True)
    assert words(app).startswith(answer_in_words(found, last))
    assert answer_in_words(found, last) in [m.value for m in app.main.markdown]
    assert ("before softmax" in words(app)) is (task == "order")
    judge = gradients(run)
    np.testing.assert_allclose(found.norms[last], judge, rtol=0, atol=1e-5 * judge.max())
    (slider,) = [s for s in app.main.slider if s.label == "spectral radius"]
    sound(slider.set_value(1.2).run())
    assert "The answer at step" in words(app) and len(player(app)["tracks"]) == 3


def gradients(run):
    """‖∂sums of the last step/∂x_t‖ of torch's own network and head, (T,)."""
    rnn = torch.nn.LSTM(run.spec.input_size, run.spec.hidden_size)
    rnn.load_state_dict({name: torch.tensor(value) for name, value in run.weights.items()})
    weight = torch.tensor(run.head.weight)

    def sums(x):
        return rnn(x[:, None])[0][-1, 0] @ weight.t()

    whole = torch.autograd.functional.jacobian(sums, torch.tensor(run.x))  # (K, T, I)
    return whole.pow(2).sum(dim=(0, 2)).sqrt().numpy()


@pytest.mark.parametrize("measure", ["nudge", "horizon"])
def test_forward_test_and_horizon_know_the_answer_too(measure):
    app = choose(sound(trained("adding").switch_page("memory.py").run()), "measure", measure)
    state = words(app, measure)
    choose(app, "influence_of", "answer")
    assert choices(app) and words(app, measure) != state
    assert measure != "nudge" or "of the answer's change" in words(app, measure)


def test_an_untrained_network_has_no_answer_to_choose():
    app = visits.visit("memory.py", hidden_size="5", influence_of="answer")
    assert not choices(app) and "The state at step" in words(app)
    assert app.query_params["influence_of"] == "answer"  # it waits for a trained one
