"""Make the gate's Dagster asset checks from the rules declared in ``checks.rules``.

What belongs here: turning rules into checks. A check shows what the rule measured where people look at the asset, and writes the
page of a month that it blocks. The publish step asks the same rules again, so that a check that is left out opens no gate.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import dagster as dg

from assets.common import Folders, key_of
from assets.release import write_blocked_page
from checks.rules import RULES
from dtsen_pipeline.quality import gate
from dtsen_pipeline.quality.rule import Rule


# One step asks all rules of a table: opening the warehouse anew costs more than most questions.
def _checks_of(table: str, rules: Sequence[Rule]) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=f"gerbang_{table.replace('.', '__')}",
        specs=[
            dg.AssetCheckSpec(
                rule.name,
                asset=key_of(table),
                description=f"{rule.statement}\n\n{rule.reason}",
                blocking=rule.blocking,
                additional_deps=[key_of(other) for other in sorted(rule.tables - {table})],
                metadata={"pemilik": rule.owner},
            )
            for rule in rules
        ],
    )
    def check(context: dg.AssetCheckExecutionContext, folders: Folders) -> Iterator[dg.AssetCheckResult]:
        month = context.partition_key
        with folders.warehouse(month) as con:
            verdicts = [gate.evaluate(con, rule) for rule in rules]
        for rule, verdict in zip(rules, verdicts, strict=True):
            yield dg.AssetCheckResult(
                asset_key=key_of(table),
                check_name=rule.name,
                passed=verdict.passed,
                severity=dg.AssetCheckSeverity.ERROR if rule.blocking or verdict.error else dg.AssetCheckSeverity.WARN,
                description=str(verdict.explanation),
                metadata={
                    measure.ukuran: dg.MetadataValue.float(measure.nilai)
                    if measure.kelas is None
                    else dg.MetadataValue.text(measure.kelas)
                    for measure in verdict.shown[:20]
                },
            )
        # Last, so that the verdicts stand even where the page cannot be written.
        if any(verdict.blocks for verdict in verdicts):
            write_blocked_page(folders, month, RULES, context.run.run_id)

    return check


def _rules_by_table() -> dict[str, list[Rule]]:
    grouped: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in RULES:
        grouped[rule.table].append(rule)
    return grouped


checks = [_checks_of(table, rules) for table, rules in _rules_by_table().items()]
