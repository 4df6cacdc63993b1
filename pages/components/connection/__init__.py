"""Brings the page back when the server was restarted."""
