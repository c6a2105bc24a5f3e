"""What an evaluator sees in a document: its title, its passages and sentences, and what kind each is."""
