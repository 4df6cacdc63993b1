"""The player on a page: its frames, also those of a training."""
