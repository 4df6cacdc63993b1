"""What leaves the page: links, the address others can open, the menu that hands them out."""
