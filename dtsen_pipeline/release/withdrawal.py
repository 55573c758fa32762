"""Withdraw the release that stands.

What belongs here: which release may be withdrawn, and which stands then. A withdrawal is the registry's transaction and the
pointer ``CURRENT`` alone; no file of a release is touched.
"""

from __future__ import annotations

from collections.abc import Sequence

from dtsen_pipeline.config import Settings
from dtsen_pipeline.errors import InputError
from dtsen_pipeline.registry import audit, store
from dtsen_pipeline.registry.ledger import REPLACED, Release
from dtsen_pipeline.release import contents
from dtsen_pipeline.release.catalogue import newest_standing, one_at_a_time, point_to_newest, releases
from dtsen_pipeline.release.repair import heal
from dtsen_pipeline.storage import keys


def rollback(settings: Settings, name: str, reason: str) -> Release | None:
    """Withdraw the release that stands, ``name`` ('2025-03/r1'), and return the one that stands then; None where none does.

    That is the month's revision before it that was not deleted, or, where there is none, the standing release of the month
    before. Raises InputError where ``name`` does not stand, where that earlier revision is not whole, where that of the month
    before was deleted, or where ``reason`` says nothing or holds a number as long as a NIK; DtsenError where the audit trail
    is broken.
    """
    audit.check_reason(reason)
    releases(settings)  # Raises where there is no such home, before one is made.
    key = keys.load(settings)
    with one_at_a_time(settings):
        known = heal(settings)
        withdrawn = _standing(known, name)
        month = [entry for entry in known if entry.month == withdrawn.month]
        restored = next((e for e in reversed(month) if e.status == REPLACED and not e.gone), None)
        then = restored or newest_standing([entry for entry in known if entry is not withdrawn])
        if then is not None and then.gone:
            raise InputError(
                f"{then.name}, yang lalu akan berlaku, sudah dihapus / would stand then, but was deleted: {then.deleted:%Y-%m-%d}",
                expected="rilis sebelumnya masih ada / the release before it is there",
                action="terbitkan bulan berikutnya dari kiriman yang benar / publish the next month from deliveries that are right",
            )
        if restored is not None and (problems := contents.problems(restored, key)):
            raise InputError(
                f"revisi sebelumnya tidak utuh / the revision before it is not whole: {'; '.join(problems)}",
                file=restored.path,
                expected="berkas seperti saat terbit / the files as they were published",
                action=f"pulihkan dari cadangan, atau jalankan / restore them, or run: dtsen run --month {restored.month}",
            )
        # On the trail first: nothing happens that is not there.
        audit.append(settings, "tarik", rilis=name, alasan=reason.strip())
        with store.open(settings) as registry:
            crosswalk = contents.relation(registry.con, key, restored, "crosswalk") if restored else ""
            registry.withdraw(withdrawn, restored, crosswalk)
            known = registry.releases()
            point_to_newest(settings, known)
    return newest_standing(known)


def _standing(known: Sequence[Release], name: str) -> Release:
    """Return the release that stands, the only one that may be withdrawn; raises InputError where that is not ``name``."""
    newest = newest_standing(known)
    if newest is not None and newest.name == name:
        return newest
    other = next((entry for entry in known if entry.name == name), None)
    raise InputError(
        f"{name} ({other.status if other else 'tidak ada / not there'}) bukan rilis yang berlaku / is not the release that "
        "stands",
        expected=newest.name if newest else "tidak ada yang berlaku / none stands",
        action="tarik dahulu bulan sesudahnya, sebab id-nya mengikuti / withdraw the later months first: their ids follow"
        if other and other.stands
        else None,
    )
