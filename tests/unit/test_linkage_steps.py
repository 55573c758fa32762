"""The order of the linkage holds for the assets too: each step reads only what was made before it."""

from assets.linkage import linkage
from dtsen_pipeline.linkage.steps import ORDER, STEPS, Step
from dtsen_pipeline.sql.models import load_models


def reads() -> dict[str, set[str]]:
    """What each table of the linkage is made of: the tables that its model names, or that its asset depends on."""
    found = {name: set(model.depends_on) for name, model in load_models().items() if model.schema == "linkage"}
    for asset in linkage:
        for spec in asset.specs:
            found[".".join(spec.key.path)] = {".".join(dep.asset_key.path) for dep in spec.deps}
    return found


def test_no_step_reads_what_a_later_one_makes() -> None:
    tables = [step.tables if isinstance(step, Step) else (step,) for step in ORDER]
    made_at = {table: place for place, names in enumerate(tables) for table in names}
    too_early = {
        f"{table} <- {other}"
        for table, others in reads().items()
        for other in others & made_at.keys()
        if table in made_at and made_at[other] >= made_at[table]
    }
    assert not too_early


def test_every_model_of_the_linkage_and_every_step_has_a_place() -> None:
    models = [step for step in ORDER if not isinstance(step, Step)]
    assert sorted(models) == sorted(name for name, model in load_models().items() if model.schema == "linkage")
    assets = [tuple(sorted(".".join(key.path) for key in asset.keys)) for asset in linkage]
    assert all(tuple(sorted(step.tables)) in assets for step in STEPS.values())
