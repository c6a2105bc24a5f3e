"""The page that compares: questions by documents, each cell a quote."""
