"""What leaves the assistant as a file: answers, conversations and chosen passages, each with how they came about."""
