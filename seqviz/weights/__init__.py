"""Somebody's state_dict -> recurrent layers, read without executing anything."""
