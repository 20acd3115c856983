"""The account as a whole: what stands out in its own metrics, and who is looked at for it."""
