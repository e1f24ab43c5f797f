"""Charts painted from the tokens: readable by eye, by keyboard and by a screen reader."""
