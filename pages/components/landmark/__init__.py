"""Names a container for people who cannot see the page's layout."""
