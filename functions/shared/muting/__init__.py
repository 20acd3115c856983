"""What keeps people from being told: accepted findings, silences, and what explains others."""
