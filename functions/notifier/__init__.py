"""Notifier: tells people what is news."""
