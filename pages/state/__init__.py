"""What is set on screen, and by whom it is read."""
