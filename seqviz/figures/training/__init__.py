"""What changes while a network learns, and where it still goes wrong."""
