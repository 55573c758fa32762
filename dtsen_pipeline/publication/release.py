"""Makes a release out of a candidate month: everything or nothing, and the same bytes for the same inputs.

What belongs here: how a release comes to be, is found again, is withdrawn and deleted; what its folder holds stands in
``contents``. The order is the point: rules asked inside one transaction of the warehouse, files written beside their
place, synced and read back, one rename, the registry's transaction, and last the pointer ``CURRENT``. Whatever a crash
leaves between two of these steps is put right by the next publish. A folder that the ledger does not know is swept away only
where a note written before the rename proves that it was to come onto this very ledger; any other may be a release that the ledger
lost, and nothing is published until somebody has said what it is. A withdrawal is the registry's transaction and the pointer
alone; no file of a release is touched. A deletion is the line of the audit trail and then the folder; the ledger stays as it is.

    home/releases/CURRENT                2025-03/r1
    home/releases/2025-03/.r1.niat       while r1 is on its way: what it comes onto
    home/releases/2025-03/.r2.asing-...  a folder that was set aside, since the ledger does not know it
    home/releases/2025-03/r1/            manifest.json, dashboard.html
        pribadi/                         rows of persons and families
        terbatas/                        rows of persons and families without personal columns, under surrogate ids
        terbuka/                         aggregates under disclosure control
        kamus_data.csv                   what every column means
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from dtsen_pipeline import warehouse
from dtsen_pipeline.config import Settings, check_month
from dtsen_pipeline.documents import private_file, sync
from dtsen_pipeline.errors import DtsenError, GateBlocked, InputError
from dtsen_pipeline.publication import audit, contents, disclosure, gate, keys, registry
from dtsen_pipeline.publication.gate import Rule, Verdict
from dtsen_pipeline.publication.registry import Release

_LEFT_OVER = (
    "sudah dihapus menurut log audit, tetapi foldernya masih ada / deleted by the audit log, but its folder is still there.\n"
    "Tindakan/action: ulangi `dtsen releases delete`; penerbitan berikutnya juga membuangnya / run it again; the next publish "
    "takes it away too"
)


@dataclass(frozen=True)
class ReleaseContext:
    """What the page may be made of: the warehouse inside the publish transaction, and what was found out about it.

    No clock and no run id: a page that shows them would differ from run to run.
    """

    con: duckdb.DuckDBPyConnection
    settings: Settings
    month: str
    revision: int
    verdicts: Sequence[Verdict]
    manifest: dict[str, Any]


def publish(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    month: str,
    rules: Sequence[Rule],
    run_id: str,
    page: Callable[[ReleaseContext], str] | None = None,
) -> Release:
    """Publish ``month`` from its warehouse ``con``, after asking every one of ``rules`` again.

    The same content as the month's standing release makes no new revision: that release is returned. Raises GateBlocked
    where a rule blocks (what the rules measured is kept), InputError where ``con`` holds another month, or its ids follow
    from a release that no longer stands.
    """
    check_month(month)
    if not rules:
        raise DtsenError("tidak ada aturan untuk diperiksa / no rules to ask: an open gate publishes nothing")
    key = keys.load(settings)
    with registry.open(settings):
        pass  # made here in a new home; from here on one that is missing was lost
    with one_at_a_time(settings):
        known = _heal(settings)
        _check_holds(con, month)
        con.begin()
        try:
            # Made anew, whatever the warehouse says: the open tables must stand beside the releases of this moment.
            disclosure.prepare(con, known, month, key)
            verdicts = _ask(con, rules)
            with registry.open(settings) as ledger:
                ledger.record_quality(verdicts, month, run_id)
                ledger.record_measured(con, month, run_id)
                previous = ledger.previous_assignment(month)
            if blocking := [verdict.rule.name for verdict in verdicts if verdict.blocks]:
                raise GateBlocked(blocking)
            _check_follows(con, previous, month)
            return _write(con, settings, key, month, verdicts, run_id, page, known)
        finally:
            con.rollback()


def rollback(settings: Settings, name: str, reason: str) -> Release | None:
    """Withdraw the release that stands, ``name`` ('2025-03/r1'), and return the one that stands then; None where none does.

    That is the month's revision before it that was not deleted, or, where there is none, the standing release of the month
    before. Raises InputError where ``name`` does not stand, where that earlier revision is not whole, where that of the month
    before was deleted, or where ``reason`` says nothing or holds a number as long as a NIK; DtsenError where the audit trail
    is broken.
    """
    _check_reason(reason)
    releases(settings)  # a home that is not there is not made
    key = keys.load(settings)
    with one_at_a_time(settings):
        known = _heal(settings)
        withdrawn = _standing(known, name)
        month = [entry for entry in known if entry.month == withdrawn.month]
        restored = next((e for e in reversed(month) if e.status == registry.REPLACED and not e.gone), None)
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
        # Before the change: what is not on the trail does not happen.
        audit.append(settings, "tarik", rilis=name, alasan=reason.strip())
        with registry.open(settings) as ledger:
            crosswalk = contents.relation(ledger.con, key, restored, "crosswalk") if restored else ""
            ledger.withdraw(withdrawn, restored, crosswalk)
            known = ledger.releases()
            _point(settings, known)
    return newest_standing(known)


def delete(settings: Settings, name: str, reason: str) -> Release:
    """Delete the folder of release ``name`` for good, and return its line of the ledger, which stays.

    What a crash left of an earlier deletion is finished without a second line on the trail. Raises InputError where there is
    no such release, it was deleted before, or the next month needs it; where ``reason`` says nothing or holds a number as long
    as a NIK; DtsenError where the audit trail is broken.
    """
    _check_reason(reason)
    audit.verify_chain(settings)  # on a broken one a deletion would count for nothing
    releases(settings)  # a home that is not there is not made
    with one_at_a_time(settings):
        unfinished = _unfinished(_named(releases(settings), name))
        known = _heal(settings)
        doomed = _named(known, name)
        if doomed in _needed(known):
            raise InputError(
                f"{name} tidak dapat dihapus / cannot be deleted: bulan berikutnya melanjutkannya / the next month goes on from it",
                expected="bukan rilis yang berlaku, dan bukan yang terbit terakhir dalam bulan terbaru / neither the release that "
                "stands nor the one published last in the newest month",
                action="terbitkan dulu bulan berikutnya atau revisi baru / publish the next month or a new revision first",
            )
        if doomed.deleted is None:
            audit.append(settings, audit.DELETED, rilis=name, manifest=doomed.manifest_sha256, alasan=reason.strip())
            _remove(doomed)
        elif not unfinished:
            raise InputError(
                f"{name} sudah dihapus / was deleted already: {doomed.deleted:%Y-%m-%d}",
                expected="rilis yang masih ada / a release that is there",
                action="lihat / see: dtsen releases list",
            )
    return _named(releases(settings), name)


def set_aside(settings: Settings, name: str, reason: str) -> Path | None:
    """Put the folder ``name`` ('2025-03/r1'), which the ledger does not know, out of the way, and ``CURRENT`` onto the ledger.

    Nothing of it is deleted; returns where it lies now, None where only ``CURRENT`` named it. Its number is not given again.
    Raises InputError where there is no such folder, where the ledger knows it, or where ``reason`` says nothing or holds a number
    as long as a NIK.
    """
    _check_reason(reason)
    if any(entry.name == name for entry in releases(settings)):
        raise InputError(
            f"{name} dikenal registri / is a release of this home",
            expected="folder yang disebut asing oleh `dtsen releases verify` / one that it calls unknown",
            action="tarik dengan `dtsen releases rollback`, atau hapus dengan `dtsen releases delete` / withdraw or delete it",
        )
    with one_at_a_time(settings):
        known = releases(settings)
        there = name in {_name(folder) for folder in _unknown(settings, known)}
        if not there and name != _pointed(settings):
            raise _no_such(name)
        audit.append(settings, "sisih", rilis=name, alasan=reason.strip())
        aside = None
        if there:
            folder = settings.releases / name
            aside = folder.with_name(f".{folder.name}.asing-{datetime.now(UTC):%Y%m%dT%H%M%S}")
            folder.rename(aside)
            sync(folder.parent)
        _point(settings, known)
    return aside


def releases(settings: Settings) -> list[Release]:
    """Every release, by month and revision; raises InputError where no month has been run."""
    with registry.open(settings, create=False) as ledger:
        return ledger.releases()


def current(settings: Settings) -> Release | None:
    """The release that stands: what ``CURRENT`` names. None before the first, and where all were withdrawn."""
    name = _pointed(settings)
    if name is None:
        return None
    for entry in releases(settings):
        if entry.name == name:
            return entry
    raise _unknown_to_the_registry(name)


def named(settings: Settings, name: str) -> Release:
    """The release ``name`` ('2025-03/r1'), whatever its status; raises InputError where there is none."""
    return _named(releases(settings), name)


def of_month(settings: Settings, month: str) -> Release:
    """The standing release of ``month``; raises InputError where there is none."""
    check_month(month)
    for entry in releases(settings):
        if entry.month == month and entry.stands:
            return entry
    raise InputError(
        f"bulan {month} belum diterbitkan / month {month} has no release",
        expected="sebuah bulan dari `dtsen releases list` / a month listed there",
        action=f"jalankan dahulu `dtsen run --month {month}` / run it first",
    )


def verify(settings: Settings, month: str, revision: int) -> list[str]:
    """What no longer agrees with the ledger and the manifest, file by file; empty where every byte does, and where the release
    was deleted and nothing is left of it."""
    return problems(named(settings, f"{month}/r{revision}"), keys.load(settings))


def verify_home(settings: Settings) -> list[str]:
    """What of ``CURRENT``, the folders and the ledger does not agree, and what an earlier version left unencrypted.

    Raises InputError where the registry cannot be read to its end.
    """
    registry.check(settings)
    with one_at_a_time(settings):
        return home_problems(settings, releases(settings))


def home_problems(settings: Settings, known: Sequence[Release]) -> list[str]:
    """As ``verify_home``, for who publishes nothing meanwhile: the ledger is ``known``."""
    newest, pointed = newest_standing(known), _pointed(settings)
    found = []
    if pointed is not None and pointed not in {entry.name for entry in known}:
        found.append(str(_unknown_to_the_registry(pointed)))
    elif pointed != (newest and newest.name):
        found.append(
            f"CURRENT: {pointed or '-'}, menurut registri / by the registry: {newest.name if newest else '-'}.\n"
            "Tindakan/action: penerbitan berikutnya membetulkannya / the next publish puts it right"
        )
    for folder in _unknown(settings, known):
        if _is_ours(folder, known):
            found.append(
                f"{_name(folder)}: sisa penerbitan yang terhenti / left of a publish that was cut short.\n"
                "Tindakan/action: penerbitan berikutnya membereskannya / the next publish clears it away"
            )
        else:
            found.append(str(_strange([folder])))
    for entry in known:
        if plain := [path for path in entry.path.glob("pribadi/*.parquet") if not _is_encrypted(path)]:
            found.append(
                f"{entry.name}/pribadi: {len(plain)} berkas tidak terenkripsi, dari versi lama / files not encrypted, of an "
                f"earlier version.\nTindakan/action: terbitkan bulannya lagi, lalu hapus yang ini / publish its month again, then "
                f"delete this one: dtsen run --month {entry.month}; dtsen releases delete {entry.name} --reason ..."
            )
    for path in sorted((settings.home / "warehouse").glob("*.duckdb")):
        if keys.is_plain(path):
            found.append(
                f"warehouse/{path.name}: tidak terenkripsi, dari versi lama / not encrypted, of an earlier version.\n"
                f"Tindakan/action: hapus, atau / delete it, or: dtsen run --month {path.stem}"
            )
    return found


def problems(release: Release, key: keys.Keys) -> list[str]:
    """As ``verify``, of a release that was looked up."""
    if release.deleted is not None:
        return [_LEFT_OVER] if _unfinished(release) else []
    if not release.path.exists():
        return [
            "foldernya hilang / its folder is missing.\nTindakan/action: pulihkan dari cadangan / restore it from a backup"
        ]
    return contents.problems(release, key)


def _is_encrypted(parquet: Path) -> bool:
    with parquet.open("rb") as file:
        return file.read(4) == b"PARE"


def _named(known: Sequence[Release], name: str) -> Release:
    for entry in known:
        if entry.name == name:
            return entry
    raise _no_such(name)


def _no_such(name: str) -> InputError:
    return InputError(
        f"rilis {name} tidak ada / no such release",
        expected="nama dari `dtsen releases list`, misalnya 2025-03/r1 / a name listed there",
        action="periksa namanya dan --home / check the name and --home",
    )


def _needed(known: Sequence[Release]) -> list[Release]:
    """What the next month goes on from: ids, model and scores of the one that stands, open figures of the one that came last."""
    return [entry for entry in (newest_standing(known), *known[-1:]) if entry is not None]


def _hidden(release: Release) -> Path:
    """Where a folder waits while it is removed, so that no half of it looks like a release."""
    return release.path.with_name(f".r{release.revision}.hapus")


def _unfinished(release: Release) -> bool:
    return release.deleted is not None and (release.path.exists() or _hidden(release).exists())


def _remove(release: Release) -> None:
    if not release.path.exists():  # it went by hand, before it was on the trail
        return
    hidden = _hidden(release)
    release.path.rename(hidden)
    sync(hidden.parent)
    shutil.rmtree(hidden)
    sync(hidden.parent)


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InputError("alasan kosong / the reason is empty", action="sebutkan sebabnya / say why")
    if audit.holds_number(reason):
        raise InputError(
            "alasan memuat nomor sepanjang NIK / the reason holds a number as long as a NIK",
            expected="sebab yang tidak menyebut siapa pun / a reason that names nobody",
        )


def _standing(known: Sequence[Release], name: str) -> Release:
    """The release that stands, which is the only one that may be withdrawn; raises InputError where that is not ``name``."""
    newest = newest_standing(known)
    if newest is not None and newest.name == name:
        return newest
    found = next((entry for entry in known if entry.name == name), None)
    raise InputError(
        f"{name} ({found.status if found else 'tidak ada / not there'}) bukan rilis yang berlaku / is not the release that "
        "stands",
        expected=newest.name if newest else "tidak ada yang berlaku / none stands",
        action="tarik dahulu bulan sesudahnya, sebab id-nya mengikuti / withdraw the later months first: their ids follow"
        if found and found.stands
        else None,
    )


def newest_standing(known: Sequence[Release]) -> Release | None:
    """The standing release of the newest month."""
    return next((entry for entry in reversed(known) if entry.stands), None)


def one_at_a_time(settings: Settings) -> AbstractContextManager[None]:
    """Publishing is serial over all months: ids of a month follow from the one before."""
    return warehouse.in_turn(settings.releases / ".lock")


def _heal(settings: Settings) -> list[Release]:
    """Put right what a crash left, and what a backup brought back of deleted releases; return the ledger."""
    known = releases(settings)
    pointed = _pointed(settings)
    # The pointer moves last, so no crash makes this: the registry was lost, and what looks unfinished may be a release.
    if pointed is not None and pointed not in {entry.name for entry in known}:
        raise _unknown_to_the_registry(pointed)
    unknown = _unknown(settings, known)
    if strange := [folder for folder in unknown if not _is_ours(folder, known)]:
        raise _strange(strange)
    for folder in unknown:
        # Under a name that is swept away too, should this be cut short: half of it proves nothing any more.
        folder.rename(folder.with_name(f".{folder.name}.part"))
    for folder in settings.releases.glob("*/.r*"):
        if re.fullmatch(r"\.r\d+\.(part|hapus)", folder.name):
            shutil.rmtree(folder)
        elif folder.name.endswith(".niat"):
            folder.unlink()
    for entry in known:
        # What the next month goes on from was not deleted in this ledger: it is older than the trail, and comes from a backup.
        if entry.deleted is not None and entry.path.exists() and entry not in _needed(known):
            _remove(entry)
    _point(settings, known)
    return known


def _name(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


def _pointed(settings: Settings) -> str | None:
    pointer = settings.releases / "CURRENT"
    return pointer.read_text(encoding="utf-8") if pointer.exists() else None


def _unknown(settings: Settings, known: Sequence[Release]) -> list[Path]:
    """Folders that look like releases, and that the ledger does not know."""
    names = {entry.name for entry in known}
    found = sorted(folder for folder in settings.releases.glob("*/r*") if re.fullmatch(r"r\d+", folder.name))
    return [folder for folder in found if _name(folder) not in names]


def _note(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.niat")


def _intent(known: Sequence[Release], manifest_sha256: str) -> str:
    """What tells a release that was to come onto the ledger ``known`` from any other folder under its name."""
    ledger = "".join(f"{entry.name} {entry.manifest_sha256}\n" for entry in known)
    return hashlib.sha256((ledger + manifest_sha256).encode()).hexdigest()


def _is_ours(folder: Path, known: Sequence[Release]) -> bool:
    """Whether a publish onto this ledger was cut short behind the rename of ``folder``: it never was a release."""
    note, manifest = _note(folder), folder / "manifest.json"
    if not (note.exists() and manifest.exists()):
        return False
    return note.read_text(encoding="utf-8") == _intent(known, contents.sha256_of(manifest))


_SET_ASIDE = (
    "Tindakan/action: bila registri lebih tua daripada rilisnya, pulihkan registry.duckdb dari cadangan yang lebih baru (`dtsen "
    "restore`); bila folder itu bukan rilis rumah ini, `dtsen releases set-aside {name} --reason ...` / if the registry is older "
    "than the releases, restore a newer backup of it; if the folder is no release of this home, set it aside"
)


def _strange(folders: Sequence[Path]) -> DtsenError:
    names = ", ".join(map(_name, folders))
    return DtsenError(
        f"tidak dikenal registri, dan tidak disentuh / unknown to the registry, and left alone: {names}.\n"
        + _SET_ASIDE.format(name=_name(folders[0]))
    )


def _unknown_to_the_registry(name: str) -> DtsenError:
    return DtsenError(
        f"CURRENT menunjuk {name}, yang tidak dikenal registri / names a release that the registry does not know.\n"
        + _SET_ASIDE.format(name=name)
    )


def _point(settings: Settings, known: Sequence[Release]) -> None:
    """Let ``CURRENT`` name the newest month's standing release; without one there is no ``CURRENT``."""
    newest = newest_standing(known)
    pointer = settings.releases / "CURRENT"
    if newest is None:
        pointer.unlink(missing_ok=True)
    elif _pointed(settings) != newest.name:
        with private_file(pointer) as part:
            part.write_text(newest.name, encoding="utf-8")
    sync(settings.releases)


def _check_holds(con: duckdb.DuckDBPyConnection, month: str) -> None:
    try:
        found = con.execute("select strftime(bulan, '%Y-%m') from raw.run").fetchall()
    except duckdb.CatalogException:
        found = []
    if found != [(month,)]:
        held = ", ".join(row[0] for row in found) or "-"
        raise InputError(
            f"gudang data berisi bulan {held} / the warehouse holds month {held}",
            expected=month,
            action=f"jalankan `dtsen run --month {month}` / run it",
        )


def _check_follows(con: duckdb.DuckDBPyConnection, previous: pa.Table, month: str) -> None:
    """Refuse a month whose ids go on from a release that was withdrawn, or replaced, after the month was run."""
    con.register("berlaku", previous)
    told = [
        con.execute(
            f"select count(*), sum(cast(hash(source, record_id, person_id, family_id) as hugeint)) from {table}"
        ).fetchone()
        for table in ("berlaku", "linkage.penetapan_lalu")
    ]
    con.unregister("berlaku")
    if told[0] != told[1]:
        raise InputError(
            f"id bulan {month} bukan lanjutan rilis yang kini berlaku / the ids of month {month} do not go on from the release "
            "that stands now",
            expected="tidak ada terbit ulang atau penarikan sejak bulan itu dijalankan / none published again or withdrawn since",
            action=f"jalankan lagi / run it again: dtsen run --month {month}",
        )


def _ask(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> list[Verdict]:
    verdicts = []
    for rule in rules:
        verdict = gate.evaluate(con, rule)
        verdicts.append(verdict)
        if verdict.error is not None:
            # DuckDB refuses everything after a failed statement. Nothing will be published from the new transaction,
            # because an error blocks; the other rules still get asked, so that the page can name all that is wrong.
            con.rollback()
            con.begin()
    return verdicts


def _write(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    key: keys.Keys,
    month: str,
    verdicts: Sequence[Verdict],
    run_id: str,
    page: Callable[[ReleaseContext], str] | None,
    known: Sequence[Release],
) -> Release:
    earlier = [entry for entry in known if entry.month == month]
    revision = _next_revision(settings, month, earlier)
    standing = newest_standing(earlier)
    folder = settings.releases / month / f"r{revision}"
    part = folder.with_name(f".r{revision}.part")
    for path in (part.parent, part, part / "pribadi", part / "terbatas", part / "terbuka"):
        warehouse.private_folder(path)
    try:
        manifest = contents.build_manifest(con, month, contents.write_files(con, part, key), verdicts, key)
        # Only the revision that stands: what was withdrawn comes back as a revision of its own.
        if standing and _is_still(standing, manifest, key):
            return standing
        if page:
            html = page(ReleaseContext(con, settings, month, revision, verdicts, manifest)).encode()
            (part / "dashboard.html").write_bytes(html)
            manifest["page"] = {"path": "dashboard.html", "sha256": contents.sha256_of(part / "dashboard.html")}
        (part / "manifest.json").write_bytes(contents.canonical(manifest))
        sha256 = contents.sha256_of(part / "manifest.json")
        release = Release(month, revision, part, sha256, datetime.now(UTC), registry.PUBLISHED)
        settle(part)
        if problems := contents.problems(release, key):
            raise DtsenError("rilis tidak terbaca kembali / the release does not read back: " + "; ".join(problems))
        _note(folder).write_text(_intent(known, sha256), encoding="utf-8")
        _note(folder).chmod(0o600)
        sync(_note(folder))
        part.rename(folder)
        sync(folder.parent)
        sync(settings.releases)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    release = replace(release, path=folder)
    with registry.open(settings) as ledger:
        crosswalk = contents.relation(ledger.con, key, release, "crosswalk")
        ledger.record(release, crosswalk, contents.counts(manifest), run_id)
        _point(settings, ledger.releases())
    _note(folder).unlink()
    return release


def _next_revision(settings: Settings, month: str, earlier: Sequence[Release]) -> int:
    """A number that no release of the month ever had: of the ledger, whatever its status, or set aside."""
    aside = [int(path.name.split(".")[1][1:]) for path in (settings.releases / month).glob(".r*.asing-*")]
    return 1 + max([entry.revision for entry in earlier] + aside, default=0)


def _is_still(standing: Release, manifest: dict[str, Any], key: keys.Keys) -> bool:
    """Whether the standing revision is whole and holds just this content."""
    if contents.problems(standing, key):
        return False
    return bool(contents.load_manifest(standing)["content_sha256"] == manifest["content_sha256"])


def settle(part: Path) -> None:
    """Nobody else may read it, and it is on the disk, not only on its way there."""
    for path in part.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
        sync(path)
    sync(part)
