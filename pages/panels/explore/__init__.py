"""What stands on Explore."""
