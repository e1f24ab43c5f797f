"""Tests of the find page, its models, dialogs and pictures."""
