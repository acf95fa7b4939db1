"""Steady Ground: guided self-help for people who fear being left."""
