"""Numbers from rows: pure functions and the reports over them."""
