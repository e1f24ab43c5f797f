"""Near copies, exact copies, versions, and the radar over folders outside the library."""
