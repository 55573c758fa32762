"""How poor each family is: proxy means test -> score -> desil -> the families that each programme's policy reaches.

What belongs here: ``fit_month``, ``score``, ``rank`` and ``apply_policies`` make the month's ranking; ``changes`` compares it with
the last release; ``report`` measures it. Each reads and writes tables of schema ``welfare``. ``pmt.fit`` takes any household
survey. Heavy libraries are imported where they are used, so that importing this package stays cheap.
"""

from dtsen_pipeline.welfare.deciles import rank
from dtsen_pipeline.welfare.eligibility import apply_policies
from dtsen_pipeline.welfare.scoring import explain_score, fit_month, score

__all__ = ["apply_policies", "explain_score", "fit_month", "rank", "score"]
