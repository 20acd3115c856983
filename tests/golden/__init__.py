"""Every form of every kind of alert, written out to be read: the product as people see it.

`python -m tests.golden` writes the files anew; a test compares them. Read each change of them as
whoever is woken by it would.
"""
