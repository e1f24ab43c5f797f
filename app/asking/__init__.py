"""Requests for material."""
