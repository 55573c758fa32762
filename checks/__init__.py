"""The gate as Dagster asset checks, made from the rules declared in ``checks.rules``.

What belongs here: turning a rule into a check. A check shows what the rule measured where people look at the asset; that it
cannot be walked around is the business of the publish step, which asks the same rules again.
"""

import dagster as dg

from assets.common import POOL, Folders, key_of
from checks.rules import RULES
from dtsen_pipeline.publication import gate


def _check_of(rule: gate.Rule) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=key_of(rule.table),
        name=rule.name,
        description=f"{rule.teks} / {rule.text}\n\n{rule.alasan} / {rule.reason}",
        blocking=rule.blocking,
        additional_deps=[key_of(table) for table in sorted(rule.tables - {rule.table})],
        pool=POOL,
        metadata={"pemilik": rule.owner},
    )
    def check(context: dg.AssetCheckExecutionContext, folders: Folders) -> dg.AssetCheckResult:
        with folders.warehouse(context.partition_key) as con:
            verdict = gate.evaluate(con, rule)
        return dg.AssetCheckResult(
            passed=verdict.passed,
            severity=dg.AssetCheckSeverity.ERROR if rule.blocking or verdict.error else dg.AssetCheckSeverity.WARN,
            description=f"{verdict.keterangan} / {verdict.explanation}",
            metadata={ukuran: dg.MetadataValue.float(nilai) for ukuran, nilai in verdict.measures[:20]},
        )

    return check


checks = [_check_of(rule) for rule in RULES]
