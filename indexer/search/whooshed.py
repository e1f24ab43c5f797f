"""The one door to Whoosh 2.7.4, whose old source warns while Python compiles it."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    # Whoosh 2.7.4 compares numbers with "is" and has stray backslashes: harmless, but the
    # interpreter says so on the first import, and our tests turn every warning into a failure.
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    from whoosh import columns, fields, formats, query, reading
    from whoosh.codec import base
    from whoosh.codec.whoosh3 import W3Codec, W3Segment
    from whoosh.filedb.filestore import FileStorage
    from whoosh.index import TOC, FileIndex
    from whoosh.lang import NoStemmer, NoStopWords, stemmer_for_language, stopwords_for_language
    from whoosh.matching import ListMatcher
    from whoosh.searching import Searcher as WhooshSearcher
    from whoosh.support.levenshtein import levenshtein as distance
    from whoosh.util.numeric import byte_to_length, length_to_byte
    from whoosh.writing import SegmentWriter

__all__ = [
    "TOC",
    "FileIndex",
    "FileStorage",
    "ListMatcher",
    "NoStemmer",
    "NoStopWords",
    "SegmentWriter",
    "W3Codec",
    "W3Segment",
    "WhooshSearcher",
    "base",
    "byte_to_length",
    "columns",
    "distance",
    "fields",
    "formats",
    "length_to_byte",
    "query",
    "reading",
    "stemmer_for_language",
    "stopwords_for_language",
]
