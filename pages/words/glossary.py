"""The glossary: where each word stands, and its line in PyTorch, which is the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pages.words.texts import texts


@dataclass(frozen=True)
class Word:
    """code: its line in PyTorch. pages: paths of the pages on which it appears, "" for Explore."""

    code: str
    pages: tuple[str, ...]


EXPLORE, COMPARE, MEMORY, TRAIN, USES, LEARN = "", "compare", "memory", "train", "uses", "learn"
_BUILD = (EXPLORE, COMPARE, MEMORY, TRAIN)
_ALL = (*_BUILD, USES, LEARN)
_LEARNT = (TRAIN, USES, LEARN)

GLOSSARY: Mapping[str, Word] = MappingProxyType(
    {
        "hidden_state": Word("output, h_n = rnn(x)  # h is every row of output", _ALL),
        "cell_state": Word("output, (h_n, c_n) = nn.LSTM(1, 16)(x)", (*_BUILD, LEARN)),
        "unit": Word("output[:, 0, 3]  # unit 3 at every step", _ALL),
        "time_step": Word("x[t], output[t]", _ALL),
        "heatmap": Word("output[:, 0].T  # units down, steps to the right", _ALL),
        "sequence": Word("x = torch.randn(60, 1, 1)  # steps, batch, input_size", _ALL),
        "standardise": Word("(x - x.mean(0)) / x.std(0, correction=0)", (EXPLORE, USES)),
        "band": Word("torch.fft.rfft(frame).abs()  # of a short stretch", (EXPLORE, USES)),
        "h_0": Word("rnn(x, torch.zeros(1, 1, 16))", (*_BUILD, LEARN)),
        "output": Word("output.shape  # (steps, batch, hidden_size)", (*_BUILD, LEARN)),
        "h_n": Word("torch.equal(h_n[0], output[-1])  # True for one layer", (*_BUILD, LEARN)),
        "input_size": Word("nn.RNN(input_size=1, hidden_size=16)", (*_BUILD, LEARN)),
        "hidden_size": Word("nn.RNN(1, hidden_size=16)", (*_BUILD, LEARN)),
        "num_layers": Word("nn.RNN(1, 16, num_layers=2)", (*_BUILD, LEARN)),
        "bidirectional": Word("nn.RNN(1, 16, bidirectional=True)", (*_BUILD, LEARN)),
        "bias": Word("rnn.bias_ih_l0 + rnn.bias_hh_l0", (*_BUILD, LEARN)),
        "batch": Word("x.shape[1]", (EXPLORE, TRAIN, LEARN)),
        "seed": Word("torch.manual_seed(3)", (*_BUILD, LEARN)),
        "init": Word("nn.init.orthogonal_(rnn.weight_hh_l0)", _BUILD),
        "weights": Word("rnn.weight_ih_l0, rnn.weight_hh_l0", (*_BUILD, USES, LEARN)),
        "rnn": Word("torch.tanh(W_ih @ x + b_ih + W_hh @ h + b_hh)", (*_BUILD, LEARN)),
        "lstm": Word("c = f * c + i * g; h = o * torch.tanh(c)", (*_BUILD, LEARN)),
        "gru": Word("h = (1 - z) * n + z * h", (*_BUILD, LEARN)),
        "gate": Word("f = torch.sigmoid(W_if @ x + b_if + W_hf @ h + b_hf)", (*_BUILD, LEARN)),
        "forget_gate": Word("c = f * c + i * g", (*_BUILD, LEARN)),
        "input_gate": Word("c = f * c + i * g", _BUILD),
        "output_gate": Word("h = o * torch.tanh(c)", _BUILD),
        "candidate": Word("g = torch.tanh(W_ig @ x + b_ig + W_hg @ h + b_hg)", _BUILD),
        "reset_gate": Word("n = torch.tanh(W_in @ x + b_in + r * (W_hn @ h + b_hn))", _BUILD),
        "update_gate": Word("h = (1 - z) * n + z * h", _BUILD),
        "forget_bias": Word("lstm.bias_ih_l0[H:2 * H] = 1.0", (*_BUILD, LEARN)),
        "tanh": Word("torch.tanh(torch.tensor(1.0))  # 0.7616", (*_BUILD, LEARN)),
        "sigmoid": Word("torch.sigmoid(torch.tensor(0.0))  # 0.5", (EXPLORE, MEMORY)),
        "rho": Word("torch.linalg.eigvals(rnn.weight_hh_l0).abs().max()",
                    (MEMORY, TRAIN, LEARN)),
        "eigenvalue": Word("torch.linalg.eigvals(rnn.weight_hh_l0)", (MEMORY, TRAIN)),
        "influence": Word("torch.func.jacrev(lambda x: rnn(x)[0][tau])(x)[:, t].norm()",
                          (MEMORY,)),
        "jacobian": Word("torch.func.jacrev(lambda x: rnn(x)[0][-1])(x)", (MEMORY,)),
        "horizon": Word("(influence < influence[0] / 2).nonzero()[0]", (MEMORY, TRAIN)),
        "nudge": Word("x[t] += 0.1; (rnn(x)[0] - before).norm(dim=-1)", (MEMORY,)),
        "clamp": Word("f = torch.ones_like(f); h[:, 3] = 0.0", (EXPLORE, COMPARE, MEMORY)),
        "gradient": Word("loss.backward(); rnn.weight_hh_l0.grad", (MEMORY, TRAIN, LEARN)),
        "vanishing": Word("torch.linalg.matrix_power(W_hh, 50).norm()", (MEMORY, TRAIN, LEARN)),
        "clip": Word("nn.utils.clip_grad_norm_(rnn.parameters(), 1.0)", (TRAIN,)),
        "truncation": Word("h = h.detach()", (TRAIN,)),
        "loss": Word("nn.functional.cross_entropy(logits, target)", (TRAIN, LEARN)),
        "cross_entropy": Word("nn.functional.cross_entropy(logits, target) / math.log(2)",
                              (TRAIN, USES)),
        "rmse": Word("nn.functional.mse_loss(prediction, target).sqrt()", (EXPLORE, TRAIN, USES)),
        "accuracy": Word("(logits.argmax(-1) == target).float().mean()", (TRAIN, USES, LEARN)),
        "confusion": Word("torch.bincount(10 * truth + guess, minlength=100).reshape(10, 10)",
                          (USES,)),
        "baseline": Word("math.log(4)  # the loss of guessing among four", (TRAIN, USES, LEARN)),
        "held_out": Word("train, held_out = torch.utils.data.random_split(data, [0.9, 0.1])",
                         (TRAIN, USES)),
        "delay": Word("target = symbols.roll(delay, 0)", (TRAIN, LEARN)),
        "iteration": Word("loss.backward(); optimizer.step()", (COMPARE, TRAIN, LEARN)),
        "epoch": Word("for x, y in DataLoader(data): ...", (TRAIN,)),
        "learning_rate": Word("torch.optim.Adam(rnn.parameters(), lr=0.005)", (TRAIN,)),
        "optimizer": Word("torch.optim.Adam(rnn.parameters())", (TRAIN,)),
        "checkpoint": Word("torch.save(rnn.state_dict(), \"rnn.pt\")", (COMPARE, TRAIN, LEARN)),
        "logit": Word("logits = head(output)", (EXPLORE, TRAIN, USES)),
        "softmax": Word("torch.softmax(logits, dim=-1)", (EXPLORE, TRAIN, USES)),
        "temperature": Word("torch.softmax(logits / 0.7, dim=-1).multinomial(1)", (USES,)),
        "perplexity": Word("nn.functional.cross_entropy(logits, words).exp()", (USES,)),
        "head": Word("head = nn.Linear(16, 4)", (EXPLORE, TRAIN, USES)),
        "continuation": Word("output, h = rnn(x, h); x = head(output)", (EXPLORE, USES)),
        "one_hot": Word("nn.functional.one_hot(symbols).float()", (EXPLORE, TRAIN, USES)),
        "vocabulary": Word("index = {word: k for k, word in enumerate(vocabulary)}",
                           (EXPLORE, TRAIN, USES)),
        "bigram": Word("count[before] / count[before].sum()", (USES,)),
        "attention": Word("torch.softmax(scores, dim=-1) @ states", (USES, LEARN)),
        "pca": Word("torch.pca_lowrank(output[:, 0], q=2)", (MEMORY,)),
        "alike": Word("torch.cdist(output[:, 0], output[:, 0])", (MEMORY,)),
        "cka": Word("(a.T @ b).norm() ** 2 / ((a.T @ a).norm() * (b.T @ b).norm())", (COMPARE,)),
        "lyapunov": Word("torch.log(after.norm() / before.norm()) / steps", (MEMORY,)),
    }
)  # fmt: skip


def on_page(path: str) -> tuple[str, ...]:
    """Names of the words that appear on a page."""
    return tuple(name for name, word in GLOSSARY.items() if path in word.pages)


def explained(name: str) -> str:
    """A word's definition and its line, for the help of a control that carries it, in English."""
    return f"{texts('en')(f'glossary.{name}.means')} `{GLOSSARY[name].code}`"
