"""Tests of the copies page."""
