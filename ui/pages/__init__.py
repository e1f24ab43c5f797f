"""The places of the window, one file or folder each."""
