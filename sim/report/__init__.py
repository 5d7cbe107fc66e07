"""Findings, told: as text, JSON, Markdown and CSV, and as the folder of a run."""
