"""The Ask page, which Gradio serves: a conversation, and beside each answer its sources."""
