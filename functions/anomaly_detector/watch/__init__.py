"""What is remembered between looks: episodes of a signal, incidents, suspects, and their store."""
