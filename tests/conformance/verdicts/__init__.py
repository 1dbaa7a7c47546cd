"""Judging what figleaf wrote and what it read."""
