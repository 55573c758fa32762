"""Declare every rule of the gate once: what it states, its table, its bounds and why, and who answers.

What belongs here: declarations, one module a subject. A SQL rule's question is ``dbt_like_sql/tests/<name>.sql``; a rule of
expectations lists them. ``dtsen_pipeline.quality.gate`` asks a rule; ``checks`` makes an asset check of it. A rule belongs to the
most downstream table it reads, so that its check can wait for all of them.

A count of what is wrong has maximum 0. A share has the bound at which the fault is no longer ordinary dirt in the sources but
something broken: a shifted column, a lost delivery, a model that no longer fits.
"""

from checks.rules.changes import CHANGES
from checks.rules.disclosure import DISCLOSURE
from checks.rules.linkage import LINKAGE
from checks.rules.marts import MARTS
from checks.rules.reception import RECEPTION
from checks.rules.records import RECORDS
from checks.rules.welfare import WELFARE
from dtsen_pipeline.quality.rule import Rule

RULES: tuple[Rule, ...] = RECEPTION + RECORDS + LINKAGE + MARTS + WELFARE + CHANGES + DISCLOSURE
