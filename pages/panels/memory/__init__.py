"""What stands on Memory."""
