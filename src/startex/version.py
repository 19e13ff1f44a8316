"""The version of the program; part of every run's identity."""

__version__ = "0.1.0"
