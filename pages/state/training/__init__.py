"""The training a session follows: what is learned from, with which recipe, and what came of it."""
