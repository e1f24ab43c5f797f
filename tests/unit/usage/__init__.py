"""Tests of app.usage on a real database."""
