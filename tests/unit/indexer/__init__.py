"""Tests of the reading side of the indexer."""
