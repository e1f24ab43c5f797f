"""From typed words to ranked rows."""
