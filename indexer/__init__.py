"""Reads collateral: scans folders, extracts pages, fingerprints, renders, and keeps the search index."""
