"""What cells, weights and quantities are called on screen."""

CELLS = {"RNN_TANH": "RNN (tanh)", "RNN_RELU": "RNN (ReLU)", "GRU": "GRU", "LSTM": "LSTM"}
INITS = {
    "default": "PyTorch default",
    "orthogonal": "orthogonal",
    "identity": "identity",
    "xavier": "xavier",
}
QUANTITIES = {
    "h": "h hidden state",
    "c": "c cell",
    "i": "i input",
    "f": "f forget",
    "g": "g candidate",
    "o": "o output",
    "r": "r reset",
    "z": "z update",
    "n": "n candidate",
}
