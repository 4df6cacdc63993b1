"""Every bound on what a person may bring, once: its unit, and why there is one."""

from __future__ import annotations

_MB = 2**20  # bytes

# ---- a sequence ----------------------------------------------------------------------------------

MAX_STEPS = 2000
"""Steps of a sequence: one pixel a step on a projector, and no measure takes minutes."""
MAX_FEATURES = 64
"""Numbers at each step: more curves or columns than anybody can tell apart."""
MAX_SYMBOLS = MAX_FEATURES
"""Different characters or words of a text: one-hot, each is a feature."""
MAX_BANDS = MAX_FEATURES
"""Bands of a sound's frames: each is a feature."""
MAX_ALPHABET = 100_000
"""Symbols a network was trained on: characters in the hundreds, words in the ten thousands."""
MAX_ALPHABET_BYTES = 2 * _MB
"""Bytes of a file that lists them: 100,000 words with their quotes, commas and indices."""
MAX_TEXT = 100_000
"""Code points of a text that are looked at; what comes after is counted, not read."""
MAX_DRAWN_STEPS = 200
"""Steps of a drawing: its heatmaps follow the hand, many times a second."""
MAX_POINTS = 4000
"""Points of a pen's gesture: a minute of writing at a screen's rate."""
MAX_DRAWING_TIME = 3_600_000
"""Milliseconds from a gesture's first point to its last: an hour keeps the numbers small."""
MAX_LINKED_DATA = 6000
"""Characters of a sequence in a link: with the rest it fits common limits of 8,000."""

# ---- a network -----------------------------------------------------------------------------------

MAX_SEED = 2**31 - 1
"""The largest seed: what a signed 32-bit integer holds, so that every browser and link does."""
MAX_HIDDEN_SIZE = 256
"""Units of a network built here: each is a row of the heatmap."""
MAX_LAYERS = 4
"""Layers of a network built here: each is a heatmap on one screen."""
MAX_INTERVENTIONS = 8
"""Changes in force at once: more cannot be followed, and each takes room in the link."""

# ---- a file that becomes a sequence --------------------------------------------------------------

MAX_FILE_BYTES = 5 * _MB
"""Bytes of an uploaded file: many people upload at once, and each file is held while it is used."""
MAX_KEPT_BYTES = 64 * _MB
"""Bytes of files a server keeps for reloads and shared links, all visitors together."""
MAX_HELD_UPLOADS = 256 * _MB
"""Bytes of uploads that wait at a server for their page's next run: four of the largest files."""
MAX_HELD_DOWNLOADS = 64 * _MB
"""Bytes of made files that wait at a server for their browsers, the newest not counted."""
MAX_UNPACKED_BYTES = 64 * _MB
"""Bytes a compressed file may hold once unpacked: a few kilobytes can promise gigabytes."""
MAX_CELLS = MAX_UNPACKED_BYTES // 8
"""Numbers read from one file: as float64 they fill MAX_UNPACKED_BYTES."""
MAX_COLUMNS = 1000
"""Columns of a table, MAX_FEATURES of which are used at once: more cannot be chosen from a list."""
MAX_LABELLED_ROWS = 200_000
"""Rows whose dates or texts become labels: 4 million of them take a gigabyte."""
MAX_LABEL_BYTES = MAX_UNPACKED_BYTES // 2
"""Bytes of a column of labels unpacked: decoded, a text is held three or four times."""
MAX_LABEL_WORDS = 1_000_000
"""Different labels a Parquet dictionary may hold: each takes some 150 bytes."""
MAX_PARQUET_FOOTER = 2 * _MB
"""Bytes of a Parquet footer: 1,000 columns in 10 row groups take about half of it."""
MAX_PARQUET_VALUES = 800_000
"""Values in a footer, and again in all page headers; some 620,000 fill an honest footer."""
MAX_ARCHIVE_MEMBERS = 1000
"""Files in an NPZ or XLSX: each costs a look at its header."""
MAX_SHEET_CELLS = 2_000_000
"""Cells of a sheet from its first to its last: 5 MB of XLSX hold fewer, Python needs 60 MB."""
MAX_NPY_HEADER = 10_000
"""Bytes of an NPY header: NumPy writes 118."""

# ---- sound ---------------------------------------------------------------------------------------

MAX_SECONDS = 60.0
"""Seconds of sound read at once: longer makes more than MAX_STEPS frames of a useful length."""
MAX_SAMPLES = 20_000_000
"""Samples decoded, all channels together: 80 MB as float32."""
MAX_SAMPLE_RATE = 768_000
"""Hz: no converter is faster, so a header that says more is damaged."""
MIN_FRAME_MS, MAX_FRAME_MS = 1.0, 1000.0
"""Milliseconds of a frame: below, a frame has no frequencies; above, speech is smeared."""

# ---- a file of weights ---------------------------------------------------------------------------

MAX_WEIGHT_BYTES = 64 * _MB
"""Bytes of a file of weights, and again of its tensors as float32: weight_hh of an LSTM of 2048."""
MAX_WEIGHT_UNITS = 2048
"""hidden_size of an uploaded layer: more rows than a heatmap has pixels."""
MAX_WEIGHT_OUTPUTS = 1024
"""Outputs of a head in somebody's own weights: all are sent to the browser at every step."""
MAX_WEIGHT_INPUTS = 4096
"""input_size of an uploaded layer: larger are vocabularies, which nobody types."""
MAX_WEIGHT_LAYERS = 16
"""Layers of an uploaded network: each is a heatmap."""
MAX_TRACE_BYTES = 52 * _MB
"""Bytes of states and gates of an uploaded network: with its file, its weights and a changed run
beside it, a session stays below 400 MB."""
MAX_TRACE_SECONDS = 2.0
"""Seconds that reading a sequence may take an uploaded network, as rnn.cost estimates them: with
all the rest, an answer comes within 5."""
MAX_WEIGHT_HEADER = 2 * _MB
"""Bytes that name the tensors of a safetensors file or a checkpoint: some 20,000 of them."""
MAX_WEIGHT_NPY_HEADER = 1000
"""Bytes of the header of an array of weights: NumPy writes 118."""
MAX_WEIGHT_ENTRIES = 20_000
"""Tensors or records in one file: a large transformer has some hundreds."""
MAX_PICKLE_OPCODES = 200_000
"""Steps of a pickle that are looked at: about 6,000 tensors, read in less than a second."""
MAX_PICKLE_DEPTH = 16
"""Dictionaries inside dictionaries: they are followed by recursion."""
MAX_WEIGHT_NAME = 200
"""Characters of one key of a checkpoint; a tensor under a longer one is passed over."""
MAX_DIMENSIONS = 8
"""Axes of a tensor: weights have one or two."""
MAX_EXTENT = 2**40
"""Any size, stride or offset of a tensor, in elements: keeps torch's own sums inside int64."""

# ---- training ------------------------------------------------------------------------------------

MAX_ITERATIONS = 100_000
"""Iterations of one run: its curves keep a number for each."""
MAX_BATCH = 1024
"""Sequences of a batch."""
MAX_CHECKPOINTS = 200
"""Checkpoints of a run: as many as a slider has places on a small screen."""
MAX_CHECKPOINT_BYTES = 64 * _MB
"""Bytes of a run's checkpoints: a large network keeps fewer of them."""
MAX_TRAINING_OPERATIONS = 6e13
"""Multiplications of one run: about half an hour of one core."""
MAX_TRAINING_BYTES = 150 * _MB
"""Bytes of the states one iteration keeps for its gradient: half of what a worker may take."""
MAX_EXAMPLES = 2000
"""Labelled sequences to learn from."""
MAX_CLASSES = 20
"""Classes of labelled sequences: more bars of probability cannot be told apart."""
MAX_WAITING_TRAININGS = 20
"""Trainings that wait for their turn on one server: the last one's loss moves every few seconds."""
MAX_KEPT_TRAININGS = 16
"""Finished trainings a server keeps, so that the same recipe is there at once."""
MAX_KEPT_TRAINING_BYTES = 128 * _MB
"""Bytes of those, all together: two of the largest."""
MAX_LOST_SEGMENTS = 3
"""Times in a row that one segment may be lost with its worker before its training has failed."""
MAX_UNWATCHED_SECONDS = 1.0
"""Seconds that nobody has to look before a training gives its turn to another one."""
MAX_IDLE_SECONDS = 180.0
"""Seconds without a training after which the workers end: each takes some 250 MB."""
