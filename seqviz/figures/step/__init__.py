"""One step opened up: the sums behind a gate, a state or an answer."""
