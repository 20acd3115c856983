"""The evidence behind one score: one kind of evidence a file, a gate at the end.

Every part is a small dataclass that takes in batches of points, in order. What depends on the point
before is a tight loop, the rest is arithmetic on arrays. Where a batch was cut makes no difference,
so scoring a whole series and scoring it tick by tick are the same code.
"""
