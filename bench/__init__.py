"""Measures what the README claims about speed; each file runs as `python -m bench.<name>`."""
