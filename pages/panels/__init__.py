"""What stands on a screen: what all pages share, and a folder for each page."""
