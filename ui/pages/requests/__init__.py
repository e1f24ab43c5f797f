"""Requests for material: their list, their detail, and what may be done with each."""
