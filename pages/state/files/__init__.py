"""Files people bring: their bytes, what they hold, what is chosen of them, and their links."""
