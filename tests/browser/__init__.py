"""Tests of the app in a browser: a package, since they have fixtures of their own scope."""
