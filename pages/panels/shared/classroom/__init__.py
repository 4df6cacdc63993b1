"""What a teacher uses in front of a class, the same on every page."""
