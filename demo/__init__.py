"""The embedded AWS and the sample estate that the demonstration deploys into it."""
