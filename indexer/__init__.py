"""Reads collateral: scans folders, extracts pages, draws them, and keeps the search index."""
