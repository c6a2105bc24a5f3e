"""What stands between a request and a page: whom we answer, who asks, what they may see, when we are ready."""
