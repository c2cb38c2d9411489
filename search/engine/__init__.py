"""The embedded engine: Whoosh's index with postings of our own, read from the memory map. Only `search.backend` uses it."""
