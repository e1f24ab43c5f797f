"""Tests of the indexing child without files."""
