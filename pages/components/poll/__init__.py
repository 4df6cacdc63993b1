"""A room's poll: what is asked, on a phone or on the projector."""
