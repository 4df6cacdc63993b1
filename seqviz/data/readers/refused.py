"""Kinds of files seqviz does not read, and what to do with one instead."""

from __future__ import annotations

from collections.abc import Sequence

_SOUND = "holds sound seqviz does not read: save it as WAV or MP3, for example with Audacity."
_VIDEO = "holds video: save its sound as WAV or MP3 and upload that."
_SHEET = "is a spreadsheet seqviz does not read: save it as XLSX or CSV."
_PACKED = "is packed: unpack it and upload the file inside."
_WEIGHTS = "holds weights: upload it under Your own weights in the sidebar."
_PICTURE = "is a picture, not a sequence: save the numbers it shows as CSV."
_DOCUMENT = "is a document: save its text as TXT or its table as CSV."

INSTEAD = {
    "ts": "is a time series (.ts) or a video seqviz does not read: save a series as CSV, one row "
    "a step, or the sound of a video as WAV.",
    "arff": "is an ARFF data set: save it as CSV, one row a step.",
    "mat": "is a MATLAB file: save one array of it with writematrix as CSV, or with numpy.save.",
    "pkl": "is a pickle, which may run code: save it with to_csv, to_parquet or numpy.save.",
    "pickle": "is a pickle, which may run code: save it with to_csv, to_parquet or numpy.save.",
    "mid": "holds notes, not sound: save it as WAV, or its notes as CSV.",
    "xml": "is XML: save its numbers as CSV or JSON.",
    **dict.fromkeys(("m4a", "aac", "wma", "opus", "amr", "aif", "aiff", "caf", "weba"), _SOUND),
    **dict.fromkeys(("mp4", "mov", "avi", "mkv", "webm"), _VIDEO),
    **dict.fromkeys(("xls", "xlsm", "xlsb", "ods", "numbers"), _SHEET),
    **dict.fromkeys(("zip", "gz", "tar", "tgz", "7z", "rar", "bz2", "xz"), _PACKED),
    **dict.fromkeys(("safetensors", "pt", "pth", "bin", "ckpt"), _WEIGHTS),
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "svg", "heic", "webp"), _PICTURE),
    **dict.fromkeys(("pdf", "doc", "docx", "odt", "rtf", "html", "htm", "pptx"), _DOCUMENT),
    **dict.fromkeys(
        ("h5", "hdf5", "nc", "feather", "arrow"),
        "is a data file seqviz does not read: save one table of it as Parquet or CSV.",
    ),
}


def instead_of(ending: str, known: Sequence[str]) -> str:
    """What to do instead of uploading a file with this ending, after the file's name.

    known: the endings that are read, named when nothing better is known.
    """
    listed = ", ".join(extension.upper() for extension in known)
    return INSTEAD.get(ending, f"has an ending seqviz does not know: upload one of {listed}.")
