"""The button that copies a link."""
