"""What staff bring and leave: accounts, conversations, feedback. It lies beside the index; no rebuild touches it."""
