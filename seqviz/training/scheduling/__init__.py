"""Whose segment is next, and which process or cluster computes it."""
