"""A class and its course: rooms for polls, what is folded away, where somebody is in Learn."""
