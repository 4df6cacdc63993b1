"""The one error seqviz raises on purpose."""


class SeqvizError(ValueError):
    """Something the user can put right.

    The message is one sentence that says what to change, ready to be shown as it is:
    "This WAV has 2 channels and the model reads 1: mix to mono or set input_size to 2."
    """
