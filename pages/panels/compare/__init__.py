"""What stands on Compare."""
