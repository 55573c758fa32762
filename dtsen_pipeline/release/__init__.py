"""From a candidate month to a release that others may read.

What belongs here: asking the rules of the gate, what lives across months, the release folder with its manifest, the
audit trail and the exports from a release. Which rules there are is declared in ``checks.rules``.
"""
