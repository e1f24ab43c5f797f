"""Tests of app.insight on a real database."""
