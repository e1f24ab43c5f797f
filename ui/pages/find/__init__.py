"""The find page: words and filters in, pages of collateral out, and what is done with them."""
