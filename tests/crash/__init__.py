"""kill -9: the storms, and what they need."""
