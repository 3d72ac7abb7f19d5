"""Readable twins of compiled kernels, and the tests that hold each pair together."""
