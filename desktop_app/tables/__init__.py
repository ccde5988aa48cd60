"""Rows of the engine as Qt item models."""
