"""The monthly pipeline of DTSEN, room by room; ``tests/unit/test_layout.py`` lists the rooms, the lowest first.

A room imports from itself and from those below it. What Dagster sees is put together in ``definitions``; people call ``cli``.
"""
