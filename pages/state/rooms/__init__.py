"""Rooms of a poll: what is asked in them, who has answered, and where they are kept."""
