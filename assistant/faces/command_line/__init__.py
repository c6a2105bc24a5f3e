"""The command line: the commands by what they are for, and what they show."""
