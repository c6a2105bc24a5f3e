"""Answers questions about evaluation reports with quotes proven on their page."""

__version__ = "0.1.0"
