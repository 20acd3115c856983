"""Feeding events of a real account through the rules and functions of a local deployment."""
