"""The pages of the web face, one module or folder each, in one frame."""
