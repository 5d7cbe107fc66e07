"""Formats of the world: text of others to geometry and plain records, and back."""
