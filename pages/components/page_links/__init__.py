"""The pages in one row where a narrow screen has no room for the navigation."""
