"""The course's experiments: each lesson's snippet, what it finds, and what an answer means."""
