"""The vocabulary, which imports nothing: names, readings, severities, texts, keys of objects."""
