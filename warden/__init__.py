"""`warden`: one command for people who sit at a terminal. Nothing of it travels into a Lambda."""
