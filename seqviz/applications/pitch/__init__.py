"""How the pitch of a sound moves: voices of our own synthesis, and what is learned from them."""
