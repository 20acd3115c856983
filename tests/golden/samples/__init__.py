"""Sample facts, judged by the rules themselves."""
