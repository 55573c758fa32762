"""From a candidate month to a release that others may read.

What belongs here: publishing, with its page of a blocked month; the release folder with its manifest; what verifies, withdraws,
deletes, compares and exports releases; and backups. Which rules the gate asks is declared in ``checks.rules``.
"""
