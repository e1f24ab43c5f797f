"""What both ends of the pipe between the pool and its reading children have to agree on."""

END = b'{"extracted"'
"""How the line begins with which a child is done with a file."""
