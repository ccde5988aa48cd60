"""Frozen nouns that every room shares: no I/O, no Qt, no torch."""
