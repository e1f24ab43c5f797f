"""What is not code: icons, styles, vocabulary, help texts, the sample collateral."""
