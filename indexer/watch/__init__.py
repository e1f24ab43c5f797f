"""Notices that something changed in a root: hints, never the truth (FW-1)."""
