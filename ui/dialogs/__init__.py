"""Dialogs: short questions that never block the window."""
