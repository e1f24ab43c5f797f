"""Tests of app.asking on a real database."""
