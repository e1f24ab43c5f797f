"""The shared vocabulary: facets, terms, synonyms and the tags on assets."""
