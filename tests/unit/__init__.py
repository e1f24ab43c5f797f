"""Small, quick tests of one module each."""
