"""The evidence behind one score: one kind of evidence a file, a gate at the end.

Every part is a small dataclass that takes in batches of points, in order. What depends on the point
before is a tight loop, the rest is arithmetic on arrays. Where a batch was cut makes no difference,
so scoring a whole series and scoring it tick by tick are the same code.

Levels, scales and profiles fade with time. What has to be counted (points to learn from, the tail
of the deviations, how rare is rare) is counted in points of five minutes: those of shorter periods
count together. Three things are about single points, whatever their period: the forecast of the
next one, the rest after an alert, and the bar that it raises for what single points show.
"""
