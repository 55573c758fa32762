"""The quality gate: what a rule is, how it is asked, and the seals that no table changes unseen.

What belongs here: the machinery. Which rules there are is declared in ``checks.rules``.
"""
