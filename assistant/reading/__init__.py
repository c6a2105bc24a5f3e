"""A PDF, safely, as pages and blocks."""
