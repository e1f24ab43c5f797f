"""Takes the text out of collateral, page by page, whatever the file holds."""
