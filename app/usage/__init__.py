"""Deeds and their events: opening, sending, importing."""
