"""Tests of the shell: lanes, undo, window, start, settings."""
