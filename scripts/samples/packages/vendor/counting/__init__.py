"""Counts things."""
from .words import counted

__all__ = ["counted"]
