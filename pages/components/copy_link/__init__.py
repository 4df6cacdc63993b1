"""The button that copies this page's address."""
