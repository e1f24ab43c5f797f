"""The sample library: a fictitious company's collateral and a made-up year of its use."""
