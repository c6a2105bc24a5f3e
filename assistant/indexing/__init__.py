"""Vectors, words and rows: a document becomes a finished record, records become the library that questions search."""
