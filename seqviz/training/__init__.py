"""A recipe -> a run: what is to be learned, the segments it is learned in, what came of it."""
