"""Where a classroom's controls stand, and what of a page is printed."""
