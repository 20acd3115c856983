"""A page of functions: read, judge, keep what was learnt, report, tell the guard."""
