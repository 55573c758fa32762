"""From a candidate month to a release that others may read.

What belongs here: publishing, withdrawing and deleting a release, what its folder holds, disclosure control, exports and backups.
Which rules a month must pass is declared in ``checks.rules``.
"""
