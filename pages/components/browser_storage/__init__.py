"""Keeps a little in the visitor's own browser."""
