"""The gate as Dagster asset checks, made from the rules declared in ``checks.rules``.

What belongs here: turning rules into checks. A check shows what the rule measured where people look at the asset; that it
cannot be walked around is the business of the publish step, which asks the same rules again.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import dagster as dg

from assets.common import Folders, key_of
from checks.rules import RULES
from dtsen_pipeline.publication import gate


# One step asks all rules of a table: opening the warehouse anew costs more than most questions.
def _checks_of(table: str, rules: Sequence[gate.Rule]) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=f"gerbang_{table.replace('.', '__')}",
        specs=[
            dg.AssetCheckSpec(
                rule.name,
                asset=key_of(table),
                description=f"{rule.teks} / {rule.text}\n\n{rule.alasan} / {rule.reason}",
                blocking=rule.blocking,
                additional_deps=[key_of(other) for other in sorted(rule.tables - {table})],
                metadata={"pemilik": rule.owner},
            )
            for rule in rules
        ],
    )
    def check(context: dg.AssetCheckExecutionContext, folders: Folders) -> Iterator[dg.AssetCheckResult]:
        with folders.warehouse(context.partition_key) as con:
            for rule in rules:
                verdict = gate.evaluate(con, rule)
                yield dg.AssetCheckResult(
                    asset_key=key_of(table),
                    check_name=rule.name,
                    passed=verdict.passed,
                    severity=dg.AssetCheckSeverity.ERROR
                    if rule.blocking or verdict.error
                    else dg.AssetCheckSeverity.WARN,
                    description=f"{verdict.keterangan} / {verdict.explanation}",
                    metadata={ukuran: dg.MetadataValue.float(nilai) for ukuran, nilai in verdict.measures[:20]},
                )

    return check


def _by_table() -> dict[str, list[gate.Rule]]:
    grouped: defaultdict[str, list[gate.Rule]] = defaultdict(list)
    for rule in RULES:
        grouped[rule.table].append(rule)
    return grouped


checks = [_checks_of(table, rules) for table, rules in _by_table().items()]
