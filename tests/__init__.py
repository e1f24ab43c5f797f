"""The tests; a package, so that one test can import what another keeps for it."""
