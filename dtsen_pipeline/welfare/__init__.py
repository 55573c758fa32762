"""Welfare: who is how poor. Proxy means test -> score -> desil -> what the programmes' policies reach.

What belongs here: ``fit_month``, ``score``, ``rank`` and ``apply_policies`` make the month's ranking, ``changes`` compares it with
the last release and ``report`` measures it, each reading and writing tables of schema ``welfare``; ``pmt.fit`` is the door for any
household survey. Heavy libraries are imported where they are used, so that importing this package stays cheap.
"""

from dtsen_pipeline.welfare.deciles import rank
from dtsen_pipeline.welfare.eligibility import apply_policies
from dtsen_pipeline.welfare.scoring import explain, fit_month, score

__all__ = ["apply_policies", "explain", "fit_month", "rank", "score"]
