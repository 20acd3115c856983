"""Notifier: tells people of alerts: once, in good company, and when it is over."""
