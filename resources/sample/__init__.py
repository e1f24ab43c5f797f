"""The texts of the sample library."""
