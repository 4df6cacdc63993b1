"""What a Trace tells: the arithmetic of a step, memory, similarity, difference."""
