"""The walls of the house: what holds for every file, checked on every run."""
