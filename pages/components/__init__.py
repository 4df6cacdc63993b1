"""The components of our own: each one's Python, JavaScript and CSS side by side."""
