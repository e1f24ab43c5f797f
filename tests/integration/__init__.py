"""Tests of several parts together, on real files and processes."""
