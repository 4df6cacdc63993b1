"""The bytes of a file somebody uploads -> a Table, a Text or a Recording."""
