"""What stands on the page Train."""
