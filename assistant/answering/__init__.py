"""From ranked passages to an answer whose every quote is proven."""
