"""The faces of the assistant: the web page, REST, MCP, the command line and exports."""
