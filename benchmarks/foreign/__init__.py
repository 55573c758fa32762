"""A delivery month by another hand ("bulan asing"): people, households and errors that the linkage was not tuned on.

What belongs here: a second simulation that shares nothing with ``dtsen_pipeline.simulation`` but the source contracts. Its
names, its population and its errors are its own, so that a figure measured on it says something about strange data.

``country`` is what is true: families of one to a dozen in a made-up country of 38 provinces. Between the interviews of the
sources (P3KE 2021-23, Regsosek autumn 2022, DTKS up to the month) children are born, people die, young people marry or move out,
couples part, families move or get a new card. ``listing`` says whom each source has on its lists: everybody is listed where he or
she lived on the day of that family's interview, so somebody who moved between two visits is listed twice, as in life.

``damage`` is how rows are written. Errors are not independent: a row errs with a severity that multiplies its village's (one in
twelve is careless), its visit's (one in ten was answered by somebody else) and its own; and one row in eighty is simply written
badly, in several fields at once. ``sources`` writes the tables, ``month`` puts it all together, and
``python -m benchmarks.foreign --help`` says how to write one.
"""
