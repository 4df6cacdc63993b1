"""The button that prints a page as a handout."""
