"""Digits read while they are drawn: ideal strokes, drawings made from them, and what is learned."""
