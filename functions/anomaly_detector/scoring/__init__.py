"""The evidence behind one score: one kind of evidence a file, a gate at the end.

Every part is a small dataclass that sees one point at a time, in order, so that scoring a whole
series and scoring it tick by tick are the same code. All memory fades with time, never with the
number of points, so that 1-minute and 5-minute series are judged alike.
"""
