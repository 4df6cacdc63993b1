"""What a file or a link may say, of which Streamlit would make something else than text."""

EVIL = "www.evil.example/a"
WORDS = [
    EVIL, "me@evil.example", "https://evil.example/b", "mailto:me@evil.example",
    ":smile:", ":100:", ":+1:", ":material/home:", ":streamlit:", ":red[evil]", ":small[evil]",
    "**evil**", "_evil_", "__evil__", "`evil`", "$evil$", "~~evil~~", "&copy;evil",
    "[evil](http://evil.example)", "![evil](http://evil.example/p)",
    "<b>evil</b>", "<a href='http://evil.example'>evil</a>",
    "# evil", "- evil", "1. evil", "| evil |", "evil\n===", "    evil", "evil -> evil",
]  # fmt: skip
ALL = " ".join(word for word in WORDS if "\n" not in word)
