"""What stands on the page Learn."""
