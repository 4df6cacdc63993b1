"""What every page can explain of itself: its words, and what one is looking at."""
