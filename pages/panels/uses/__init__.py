"""What stands on the page Uses: one file a part."""
