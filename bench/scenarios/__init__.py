"""Scenarios: stories of functions over days or weeks, with what should be told of each."""
