"""The page of the library: its files and their state, and what curators do with them."""
