"""What Warden writes down of the whole estate: which functions there are, and their use."""
