"""Human review of pairs: the queue that is handed out, the decisions that come back, and what they say about the linkage.

What belongs here: which pairs are asked about and with what chance, the spreadsheet, the file of decisions
(``home/tinjauan/keputusan.csv``, to which lines are only ever added) and the estimate from it. That decisions are obeyed is the
work of ``persons``.

A pair of nodes is asked about by the records that stand for them, since record names outlive the month. Every candidate pair of
the month lies in one stratum (layer of weight / kind of pair) and is drawn by a hash of its records and the month, so the chance
of having been drawn is known, and pairs that are drawn more often than others can be weighted back.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dtsen_pipeline import documents
from dtsen_pipeline.config import TIMEZONE, Settings, check_month
from dtsen_pipeline.errors import DtsenError, InputError
from dtsen_pipeline.linkage import review_sheet
from dtsen_pipeline.linkage.model import FAMILY_THRESHOLD, THRESHOLD
from dtsen_pipeline.linkage.review_sheet import APART, SAME, UNSURE, printable
from dtsen_pipeline.publication import audit, registry
from dtsen_pipeline.warehouse import connect, in_turn

Floats = NDArray[np.float64]

SEED = 20250117

# Layers of weight: what it means for the month is decided by its side of the threshold, and near it the model is least sure.
# Layer: (emphasis in the draw, why a pair of it is asked about).
_BELOW_NEAR, _ABOVE_MIDDLE, _ABOVE_FAR = THRESHOLD - 8.0, THRESHOLD + 6.0, THRESHOLD + 14.0
LAYERS: Mapping[str, tuple[float, str]] = {
    "tolakan": (1.0, "penggabungan ditolak / merge refused"),
    "dalam_keluarga": (2.0, "digabung dalam keluarga yang sama / merged inside one family"),
    "atas_jauh": (1.0, "jauh di atas ambang / far above the threshold"),
    "atas_sedang": (1.0, "di atas ambang / above the threshold"),
    "atas_dekat": (2.0, "sedikit di atas ambang / just above the threshold"),
    "bawah_dekat": (2.0, "sedikit di bawah ambang / just below the threshold"),
    "bawah_jauh": (1.0, "jauh di bawah ambang / far below the threshold"),
}
MERGED = ("dalam_keluarga", "atas_jauh", "atas_sedang", "atas_dekat")
KINDS: Mapping[str, tuple[float, str]] = {
    "kembar": (2.0, "mungkin kembar / perhaps twins"),
    "tanpa_nik": (2.0, "NIK tidak ada / no NIK on a side"),
    "nama_tunggal": (2.0, "nama satu kata / single name"),
    "biasa": (1.0, ""),
}
# No more than this share of a queue goes to refused merges.
REFUSED_SHARE = 0.25
# Fewer reviewed pairs than these give no estimate: see ``estimated``.
ENOUGH_PAIRS = 50
ENOUGH_IN_LAYER = 5
DRAWS = 20_000

# Every candidate pair in its layer and kind. A pair refused because of a decision lies where the model saw it.
_STRATA = f"""
    create or replace temp table pasangan_berlapis as
    with semua as (
        select node_l, node_r, max(match_weight) as bobot, bool_or(dalam) as dalam
        from (
            select node_l, node_r, match_weight, false as dalam from linkage.pasangan
            union all
            select node_l, node_r, match_weight, match_weight >= {FAMILY_THRESHOLD} from linkage.pasangan_dalam_keluarga
        )
        group by node_l, node_r
    )
    select
        p.node_l,
        p.node_r,
        p.bobot,
        case
            when t.node_l is not null then 'tolakan'
            when p.bobot >= {_ABOVE_FAR} then 'atas_jauh'
            when p.bobot >= {_ABOVE_MIDDLE} then 'atas_sedang'
            when p.bobot >= {THRESHOLD} then 'atas_dekat'
            when p.dalam then 'dalam_keluarga'
            when p.bobot >= {_BELOW_NEAR} then 'bawah_dekat'
            else 'bawah_jauh'
        end as lapis,
        case
            when a.tgl_lahir = b.tgl_lahir and (a.kk = b.kk or a.kk2 = b.kk or a.kk = b.kk2) and a.nik is distinct from b.nik
                and a.nama_rapat <> b.nama_rapat and jaro_winkler_similarity(a.nama_rapat, b.nama_rapat) >= 0.7
                then 'kembar'
            when a.nik is null or b.nik is null then 'tanpa_nik'
            when a.nama_akhir is null or b.nama_akhir is null then 'nama_tunggal'
            else 'biasa'
        end as jenis
    from semua as p
    inner join linkage.simpul as a on p.node_l = a.unique_id
    inner join linkage.simpul as b on p.node_r = b.unique_id
    left join (select distinct node_l, node_r from linkage.tolakan where alasan <> 'keputusan') as t
        on p.node_l = t.node_l and p.node_r = t.node_r
"""

_DRAWN = """
    with wakil as (select record_uid, node_id from linkage.simpul_rekaman where wakil),
    diputus as (
        select distinct least(l.node_id, r.node_id) as node_l, greatest(l.node_id, r.node_id) as node_r
        from sudah_diputus as d
        inner join linkage.simpul_rekaman as l on d.record_l = l.record_uid
        inner join linkage.simpul_rekaman as r on d.record_r = r.record_uid
    ),
    calon as (
        select
            least(l.record_uid, r.record_uid) as record_l,
            greatest(l.record_uid, r.record_uid) as record_r,
            p.lapis,
            p.jenis,
            p.bobot
        from pasangan_berlapis as p
        inner join wakil as l on p.node_l = l.node_id
        inner join wakil as r on p.node_r = r.node_id
        left join diputus as d on p.node_l = d.node_l and p.node_r = d.node_r
        where d.node_l is null
    )
    select *, sha256(concat(record_l, '|', record_r, '|', $bulan)) as undian
    from calon
"""

_RECORD = re.compile(r"(dtks|regsosek|p3ke):\S.*")
_STRATUM_NAMES = {f"{layer}/{kind}" for layer in LAYERS for kind in KINDS}


@contextmanager
def open_month(settings: Settings, month: str | None) -> Iterator[tuple[str, duckdb.DuckDBPyConnection]]:
    """``month``, or the newest released one whose warehouse is still kept, and its warehouse, opened for reading.

    Raises InputError where there is no such warehouse or its linkage was not finished, DtsenError where a run holds it.
    """
    if month is None:
        released: list[str] = []
        if settings.registry.exists():
            with registry.open(settings) as book:
                released = [entry.month for entry in book.releases() if entry.status == registry.PUBLISHED]
        kept = [name for name in released if settings.warehouse(name).exists()]
        if not kept:
            raise InputError(
                "belum ada bulan terbit yang gudang datanya tersimpan / no released month whose warehouse is kept",
                file=settings.home,
                action="jalankan `dtsen run`, atau sebut --home dan --month / run it, or name --home and --month",
            )
        month = max(kept)
    path = settings.warehouse(check_month(month))
    if not path.exists():
        raise InputError(
            f"gudang data bulan {month} tidak ada / there is no warehouse of month {month}",
            file=path,
            action=f"jalankan `dtsen run --month {month}`, atau pilih bulan lain / run it, or choose another month",
        )
    with connect(path, read_only=True) as con:
        done = con.execute(
            "select count(*) from duckdb_tables() where schema_name = 'linkage' and table_name in ('orang', 'crosswalk')"
        ).fetchone()
        if done != (2,):
            raise InputError(
                f"penautan bulan {month} belum selesai / the linkage of month {month} is not finished",
                file=path,
                action=f"jalankan `dtsen run --month {month}` sampai selesai / run it to its end",
            )
        yield month, con


# What a person is shown of a record, each value as text. Used by the queue here and by ``explain``.
_FACTS = """
    select
        p.record_uid,
        p.source as sumber,
        p.nama_asal,
        p.nama,
        coalesce(p.nik, p.nik_asal) as nik,
        p.nik_masalah,
        p.kk,
        case p.tgl_lahir_presisi when 'hari' then strftime(p.tgl_lahir, '%Y-%m-%d') else cast(p.tahun_lahir as varchar) end
            as tgl_lahir,
        p.jenis_kelamin,
        p.tempat_lahir,
        p.ibu,
        concat_ws(', ', p.alamat_baku, p.sls) as alamat,
        concat_ws(', ', d.nama, c.nama, k.nama) as desa,
        case p.hubungan
            when 1 then 'kepala keluarga / head'
            when 2 then 'istri/suami / spouse'
            when 3 then 'anak / child'
            when 4 then 'menantu / child-in-law'
            when 5 then 'cucu / grandchild'
            when 6 then 'orang tua/mertua / parent'
            when 7 then 'pembantu / domestic worker'
            when 8 then 'lainnya / other'
        end as hubungan,
        strftime(p.tanggal_amatan, '%Y-%m-%d') as tanggal_amatan,
        concat(p._file, ':', p._line) as asal,
        p.family_uid
    from intermediate.int_person_record as p
    inner join diminta as m on p.record_uid = m.record_uid
    left join intermediate.int_wilayah__aktif as d on p.kode_desa = d.kode_kemendagri
    left join intermediate.int_wilayah__aktif as c on p.kode_kecamatan = c.kode_kemendagri
    left join intermediate.int_wilayah__aktif as k on p.kode_kabupaten = k.kode_kemendagri
    order by p.record_uid
"""


def facts(con: duckdb.DuckDBPyConnection, records: Iterable[str]) -> dict[str, dict[str, str]]:
    """What the sources say, by record: name of the fact to a printable text, '' where nothing is known."""
    con.register("diminta", pa.table({"record_uid": pa.array(sorted(set(records)), pa.string())}))
    rows = con.execute(_FACTS).to_arrow_table().to_pylist()
    con.unregister("diminta")
    return {row["record_uid"]: {name: printable(value) for name, value in row.items()} for row in rows}


# --- the queue -----------------------------------------------------------------------------------------------------------------


def write_queue(settings: Settings, month: str | None, to: Path, size: int) -> tuple[str, int]:
    """Write a queue of about ``size`` pairs of ``month`` (the newest released one for None) to ``to``, .xlsx or .csv.

    The same month, decisions and size give the same queue. Returns the month and the number of pairs. The file appears whole or
    not at all, readable to its owner alone, and the audit trail has its line first. Raises InputError as ``open_month`` does and
    for another suffix.
    """
    if to.suffix.lower() not in review_sheet.FORMATS:
        raise InputError(
            f"akhiran '{to.suffix}' tidak dikenal / unknown suffix", file=to, expected=", ".join(review_sheet.FORMATS)
        )
    with open_month(settings, month) as (found, con):
        rows = _queue(con, found, size, _history(_file(settings.home)))
    with documents.private_file(to) as part:
        review_sheet.write(rows, part)
        audit.append(
            settings,
            "antrean_tinjauan",
            bulan=found,
            baris=len(rows),
            berkas=to.name,
            sha256=hashlib.sha256(part.read_bytes()).hexdigest(),
        )
    return found, len(rows)


def _allocate(available: NDArray[np.int64], emphasis: Floats, size: int) -> NDArray[np.int64]:
    """How many to draw of each cell: in proportion to emphasis times the square root of its size, at least 2 where it has them.

    The power allocation of Bankier (The American Statistician 42, 1988) between equal and proportional shares: the large cells
    carry the total, the small ones are where the errors are. Shape (cells,) in and out; the sum is at most about ``size``.
    """
    drawn = np.minimum(available, 2)
    share = emphasis * np.sqrt(available)
    while (rest := size - int(drawn.sum())) > 0 and (free := drawn < available).any():
        wanted = np.where(free, share, 0.0)
        more = np.floor(rest * wanted / wanted.sum()).astype(np.int64)
        if not more.any():
            more[np.argsort(-wanted, kind="stable")[:rest]] = 1
        drawn = np.minimum(drawn + more, available)
    return drawn


def _queue(
    con: duckdb.DuckDBPyConnection, month: str, size: int, history: Sequence[Decision]
) -> list[dict[str, str | float]]:
    con.execute(_STRATA)
    con.register("sudah_diputus", _as_table(history))
    con.execute(f"create or replace temp table calon_tinjauan as {_DRAWN}", {"bulan": month})
    con.unregister("sudah_diputus")
    cells = con.execute(
        "select lapis, jenis, count(*) from calon_tinjauan group by lapis, jenis order by lapis, jenis"
    ).fetchall()
    count = np.array([n for _, _, n in cells], dtype=np.int64)
    emphasis = np.array([LAYERS[layer][0] * KINDS[kind][0] for layer, kind, _ in cells])
    refused = np.array([layer == "tolakan" for layer, _, _ in cells], dtype=bool)
    # All refused merges, up to their share; the rest of the queue is drawn from the other layers.
    drawn = np.zeros(len(cells), dtype=np.int64)
    cap = int(size * REFUSED_SHARE)
    drawn[refused] = (
        count[refused] if count[refused].sum() <= cap else _allocate(count[refused], emphasis[refused], cap)
    )
    drawn[~refused] = _allocate(count[~refused], emphasis[~refused], size - int(drawn.sum()))
    con.register(
        "jatah",
        pa.table(
            {
                "lapis": pa.array([layer for layer, _, _ in cells], pa.string()),
                "jenis": pa.array([kind for _, kind, _ in cells], pa.string()),
                "jatah": drawn,
                "peluang": drawn / np.maximum(count, 1),
            }
        ),
    )
    pairs = con.execute(
        """
        with urut as (
            select *, row_number() over (partition by lapis, jenis order by undian, record_l, record_r) as ke
            from calon_tinjauan
        )
        select c.record_l, c.record_r, c.lapis, c.jenis, c.bobot, j.peluang
        from urut as c
        inner join jatah as j on c.lapis = j.lapis and c.jenis = j.jenis and c.ke <= j.jatah
        order by c.undian, c.record_l, c.record_r
        """
    ).fetchall()
    con.unregister("jatah")
    known = facts(con, [record for row in pairs for record in row[:2]])
    rows: list[dict[str, str | float]] = []
    for number, (one, other, layer, kind, weight, chance) in enumerate(pairs, start=1):
        row: dict[str, str | float] = {"nomor": number, **dict.fromkeys(review_sheet.FILLED, "")}
        row["sebab"] = "; ".join(reason for reason in (LAYERS[layer][1], KINDS[kind][1]) if reason)
        for name in review_sheet.SHOWN:
            source = "nama_asal" if name == "nama" else name
            row[f"{name}_1"], row[f"{name}_2"] = known[one][source], known[other][source]
        row |= {"bobot": round(weight, 2), "stratum": f"{layer}/{kind}", "peluang_terpilih": round(chance, 9)}
        rows.append(row | {"record_l": one, "record_r": other})
    return rows


# --- the decisions -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decision:
    """A line of ``keputusan.csv``, all text. ``record_l`` < ``record_r``; stratum, peluang_terpilih and bobot (match weight, log2)
    are those of the month that asked, and empty where a pair was not drawn; dibaca_pada is UTC."""

    record_l: str
    record_r: str
    putusan: str
    pemutus: str
    tanggal: str
    alasan: str
    stratum: str
    peluang_terpilih: str
    bobot: str
    dibaca_pada: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.record_l, self.record_r

    @property
    def said(self) -> tuple[str, ...]:
        """What makes two lines the same decision; lines of an earlier version hold their reason unmasked."""
        return *astuple(self)[:5], audit.masked(self.alasan)


_LINE = tuple(field.name for field in fields(Decision))


def _file(home: Path) -> Path:
    return home / "tinjauan" / "keputusan.csv"


def _history(path: Path) -> list[Decision]:
    """Every decision ever read, oldest first."""
    if not path.exists():
        return []
    return _parse(path, path.read_text(encoding="utf-8"))


def _parse(path: Path, text: str) -> list[Decision]:
    if not text:
        return []
    rows = list(csv.reader(io.StringIO(text, newline="")))
    broken = [number for number, row in enumerate(rows, start=1) if len(row) != len(_LINE)]
    if tuple(rows[0]) != _LINE or broken or not text.endswith("\n"):
        raise DtsenError(
            f"{path.name}, baris/line {broken[0] if broken else 1}: bukan baris putusan / not a line of decisions.\n"
            "Tindakan/action: pulihkan berkas dari cadangan / restore the file from a backup"
        )
    return [Decision(*row) for row in rows[1:]]


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """The last word on each pair, by date decided and then by the order of reading; sorted by pair. It may be 'ragu'."""
    last: dict[tuple[str, str], Decision] = {}
    for decision in sorted(decisions, key=lambda decision: decision.tanggal):
        last[decision.pair] = decision
    return [last[pair] for pair in sorted(last)]


def decisions(home: Path) -> list[Decision]:
    """The standing decisions of ``home``, sorted by pair; 'ragu' among them."""
    return standing(_history(_file(home)))


def read_decisions(settings: Settings, sheet: Path) -> tuple[int, int]:
    """Append the decisions of a queue that was filled in to ``home/tinjauan/keputusan.csv``.

    Returns how many were new and how many rows are still undecided. Raises InputError naming every row that cannot be used, or the
    rows that contradict each other or what stands; nothing is taken over then. Reading a file twice adds nothing.
    """
    rows, where = review_sheet.read(sheet)
    decided, open_rows = _decisions(rows, sheet, where)
    path = _file(settings.home)
    with in_turn(path.with_name(".lock")):
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        kept = _parse(path, before)
        known = {decision.said for decision in kept}
        new = {line: decision for line, decision in decided.items() if decision.said not in known}
        places = {decision: f"keputusan.csv {number}" for number, decision in enumerate(kept, start=2)}
        places |= {decision: f"{where} {line}" for line, decision in new.items()}
        _check_consistent(standing([*kept, *new.values()]), places, sheet)
        if new:
            lines = io.StringIO(newline="")
            writer = csv.writer(lines, lineterminator="\n")
            writer.writerows(([] if before else [_LINE]) + [astuple(one) for one in new.values()])
            # The whole file anew: of one that is added to, a full disk would leave half a line, and every later month would stop.
            with documents.private_file(path) as part:
                part.write_text(before + lines.getvalue(), encoding="utf-8", newline="")
                # Before it takes its place: what is not on the trail must not become a decision.
                audit.append(
                    settings,
                    "putusan_tinjauan",
                    baris=len(new),
                    berkas=sheet.name,
                    sha256=hashlib.sha256(sheet.read_bytes()).hexdigest(),
                )
    return len(new), open_rows


def _decisions(rows: Mapping[int, Mapping[str, object]], path: Path, where: str) -> tuple[dict[int, Decision], int]:
    """Decisions by row, and the number of rows left open. Raises InputError naming every cell that cannot be used."""
    decided: dict[int, Decision] = {}
    problems: list[str] = []
    now = datetime.now(UTC).isoformat(timespec="seconds")
    open_rows = 0

    def wrong(line: int, column: str, message: str) -> None:
        problems.append(f"{where} {line}, kolom/column {column}: {message}")

    for line, row in rows.items():
        before = len(problems)
        verdict, who, why = (printable(row.get(name)) for name in ("putusan", "pemutus", "alasan"))
        if not verdict:
            open_rows += 1
            if why:
                wrong(
                    line, "putusan", f"kosong padahal alasan terisi / empty beside a reason; {SAME}, {APART}, {UNSURE}"
                )
            continue
        if verdict.lower() not in (SAME, APART, UNSURE):
            wrong(line, "putusan", f"diharapkan/expected {SAME}, {APART}, {UNSURE}")
        for column, value in (("pemutus", who), ("alasan", why)):
            if not value:
                wrong(line, column, "kosong; wajib diisi / empty; required")
        day = _day(row.get("tanggal"))
        if day is None:
            wrong(line, "tanggal", "diharapkan tanggal TTTT-BB-HH / expected a date YYYY-MM-DD")
        elif day > datetime.now(ZoneInfo(TIMEZONE)).date():
            wrong(
                line,
                "tanggal",
                "belum tiba; diharapkan hari ini atau sebelumnya / in the future; expected today or before",
            )
        records = sorted(printable(row.get(name)) for name in ("record_l", "record_r"))
        for record in records:
            if not _RECORD.fullmatch(record):
                wrong(line, "record_l, record_r", "diharapkan/expected 'dtks|regsosek|p3ke:record_id'")
                break
        else:
            if records[0] == records[1]:
                wrong(line, "record_l, record_r", "dua kali rekaman yang sama / the same record twice")
        stratum = printable(row.get("stratum"))
        chance, weight = (_number(row.get(name)) for name in ("peluang_terpilih", "bobot"))
        if stratum and stratum not in _STRATUM_NAMES:
            wrong(
                line,
                "stratum",
                "diharapkan seperti ditulis antrean, atau kosong / expected as the queue wrote it, or empty",
            )
        if chance is None or (chance != "" and not 0 < float(chance) <= 1):
            wrong(
                line, "peluang_terpilih", "diharapkan bilangan di atas 0 sampai 1 / expected a number above 0 up to 1"
            )
        if weight is None:
            wrong(line, "bobot", "diharapkan bilangan / expected a number")
        if len(problems) == before:
            assert day is not None and chance is not None and weight is not None
            one, other = records
            decided[line] = Decision(
                one,
                other,
                verdict.lower(),
                documents.harmless(who),
                day.isoformat(),
                # In plain text for good: what a reviewer copied of the two persons must not stand there.
                documents.harmless(audit.masked(why)),
                stratum,
                chance,
                weight,
                now,
            )
    first: dict[tuple[tuple[str, str], str], tuple[int, str]] = {}
    for line, decision in decided.items():
        other_line, verdict = first.setdefault((decision.pair, decision.tanggal), (line, decision.putusan))
        if verdict != decision.putusan:
            wrong(
                line,
                "putusan",
                f"pasangan dan tanggal baris {other_line}, putusan lain / the pair and date of that row",
            )
    if problems:
        shown = "\n".join(problems[:20]) + (f"\n... {len(problems) - 20} lagi / more" if len(problems) > 20 else "")
        raise InputError(
            f"{len(problems)} sel tak terpakai; tidak ada yang diambil / cells cannot be used; nothing was taken over\n{shown}",
            file=path,
            action="perbaiki sel itu, lalu baca lagi / put the cells right, then read again",
        )
    return decided, open_rows


def _day(value: object) -> date | None:
    """A date cell, or a date as people here write it: 2025-03-21, 21-03-2025, 21/3/2025."""
    if isinstance(value, datetime):
        return value.date()
    text = printable(value)
    for pattern in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None


def _number(value: object) -> str | None:
    """A number as text, '' for an empty cell, None for anything else. A decimal comma is read."""
    text = printable(value).replace(",", ".")
    try:
        return "" if not text else repr(float(text)) if np.isfinite(float(text)) else None
    except ValueError:
        return None


def _check_consistent(decisions: Sequence[Decision], places: Mapping[Decision, str], path: Path) -> None:
    """Raises InputError where a chain of 'sama' joins two records that a decision keeps apart; names the rows of both."""
    near: dict[str, list[tuple[str, Decision]]] = {}
    for decision in decisions:
        if decision.putusan == SAME:
            near.setdefault(decision.record_l, []).append((decision.record_r, decision))
            near.setdefault(decision.record_r, []).append((decision.record_l, decision))
    found = []
    for decision in decisions:
        if decision.putusan == APART and (chain := _chain(near, *decision.pair)):
            found.append(f"{places[decision]} ({APART}) <> {', '.join(places[link] for link in chain)} ({SAME})")
    if found:
        raise InputError(
            "putusan bertentangan; tidak ada yang diambil / decisions contradict each other; nothing was taken over\n"
            + "\n".join(found[:20]),
            file=path,
            expected="dua rekaman yang beda tidak terhubung oleh rantai 'sama' / no chain of 'sama' between two that are 'beda'",
            action="perbaiki salah satunya, atau putuskan ulang pasangan lama dengan tanggal baru / "
            "put one of them right, or decide the old pair again with a new date",
        )


def _chain(near: Mapping[str, list[tuple[str, Decision]]], start: str, end: str) -> list[Decision]:
    """The decisions of a shortest chain from ``start`` to ``end``; empty where there is none."""
    back: dict[str, tuple[str, Decision] | None] = {start: None}
    waiting = deque([start])
    while waiting and end not in back:
        here = waiting.popleft()
        for there, decision in near.get(here, ()):
            if there not in back:
                back[there] = (here, decision)
                waiting.append(there)
    chain: list[Decision] = []
    step = back.get(end)
    while step is not None:
        chain.append(step[1])
        step = back[step[0]]
    return chain


def _as_table(decisions: Sequence[Decision]) -> pa.Table:
    return pa.table({name: pa.array([getattr(one, name) for one in decisions], pa.string()) for name in _LINE})


def load(con: duckdb.DuckDBPyConnection, home: Path) -> None:
    """Write ``linkage.keputusan``: the standing decision of each pair of records, empty where nothing was decided.

    Columns: record_l < record_r, putusan ('sama' or 'beda'; what stayed 'ragu' binds nobody), stratum, peluang (of having been
    drawn; NULL where the pair was not), bobot (match weight, log2, when it was asked). Sorted by pair.
    """
    con.register("putusan", _as_table([one for one in decisions(home) if one.putusan != UNSURE]))
    con.execute(
        """
        create or replace table linkage.keputusan as
        select
            record_l,
            record_r,
            putusan,
            nullif(stratum, '') as stratum,
            try_cast(peluang_terpilih as double) as peluang,
            try_cast(bobot as double) as bobot
        from putusan
        order by record_l, record_r
        """
    )
    con.unregister("putusan")


# --- the estimate --------------------------------------------------------------------------------------------------------------

# A pair weighs one over its chance, inside the layer it lies in this month. Pairs of nodes: decisions on several records of two
# nodes count once.
_REVIEWED = """
    with putusan as (
        select
            least(l.node_id, r.node_id) as node_l,
            greatest(l.node_id, r.node_id) as node_r,
            min(case when d.putusan = 'sama' then 1.0 else 0.0 end) as benar,
            max(d.peluang) as peluang
        from linkage.keputusan as d
        inner join linkage.simpul_rekaman as l on d.record_l = l.record_uid
        inner join linkage.simpul_rekaman as r on d.record_r = r.record_uid
        where d.peluang is not null
        group by least(l.node_id, r.node_id), greatest(l.node_id, r.node_id)
    )
    select
        p.lapis,
        cast(count(*) as double) as besar,
        cast(count(d.benar) as double) as ditinjau,
        coalesce(sum(d.benar), 0) as benar,
        coalesce(sum(1 / d.peluang), 0) as timbang,
        coalesce(sum(1 / (d.peluang * d.peluang)), 0) as timbang2,
        coalesce(sum(d.benar / d.peluang), 0) as timbang_benar
    from pasangan_berlapis as p
    left join putusan as d on p.node_l = d.node_l and p.node_r = d.node_r
    group by p.lapis
    order by p.lapis
"""


def estimated(con: duckdb.DuckDBPyConnection) -> list[tuple[str, float, float, float, str]]:
    """Precision and recall of this month's pairs by the reviewed ones: (ukuran, nilai, bawah, atas, dasar), 95 % intervals.

    Precision: of the candidate pairs of nodes that the model merges (weight above the threshold, or above that of the second pass
    inside a family; not refused), the share that is one person. Recall: of the candidate pairs that are one person, the share it
    merges. The side is told by weight and never by who ended in one person, since decisions change that; pairs that only a chain
    joins therefore count as missed, and pairs that no block found are not seen.

    Stratified estimator (Cochran, Sampling Techniques, 1977, ch. 5) over the layers of ``LAYERS``: inside a layer each reviewed
    pair weighs one over its chance of having been drawn (Hajek's ratio), layers weigh by their number of pairs this month. Pairs
    that were decided without having been drawn never enter. Interval: percentiles of Jeffreys' posterior of each layer (Brown, Cai
    and DasGupta, Statistical Science 16, 2001) at Kish's effective number of pairs, corrected for finite layers; seeded. 'ragu'
    counts as not reviewed. In 100 simulated queues of 400 of 3,000 pairs it held the truth 100 (precision) and 92 (recall)
    times; a decision that does not follow from the facts of a pair, or a reviewer who errs, is not in it.

    Empty below 50 reviewed pairs, or where a layer has fewer than 5 of them and less than half of its pairs.
    """
    con.execute(_STRATA)
    table = con.execute(_REVIEWED).fetchnumpy()
    con.execute("drop table pasangan_berlapis")
    layer = np.asarray(table["lapis"], dtype=str)
    size, seen, true, weight, weight2, weight_true = (
        np.asarray(table[name], dtype=np.float64)
        for name in ("besar", "ditinjau", "benar", "timbang", "timbang2", "timbang_benar")
    )
    merged = np.isin(layer, MERGED)
    if seen.sum() < ENOUGH_PAIRS or not merged.any() or (seen < np.minimum(ENOUGH_IN_LAYER, size / 2)).any():
        return []
    # A layer that was reviewed whole is known, whatever the chances were; elsewhere the finite layer narrows the interval.
    whole = seen == size
    share = np.where(whole, true / np.maximum(seen, 1), weight_true / np.maximum(weight, 1e-12))
    effective = weight**2 / np.maximum(weight2, 1e-12) * (size - 1) / np.maximum(size - seen, 1)
    draws = np.random.default_rng(SEED).beta(
        effective * share + 0.5, effective * (1 - share) + 0.5, size=(DRAWS, len(layer))
    )
    draws[:, whole] = share[whole]
    basis = f"{seen.sum():.0f} pasangan ditinjau / pairs reviewed"
    measures = []
    for name, ratio in (("presisi_tinjauan", _precision), ("recall_tinjauan", _recall)):
        point = float(ratio(size * share[None, :], size, merged)[0])
        low, high = np.quantile(ratio(size * draws, size, merged), [0.025, 0.975])
        # Where no error was seen the posterior lies below 1 all the same; the point estimate belongs to its interval.
        measures.append((name, point, min(float(low), point), max(float(high), point), basis))
    return measures


def _precision(true: Floats, size: Floats, merged: NDArray[np.bool_]) -> Floats:
    """True merged pairs over all merged ones. ``true`` has shape (draws, layers), the result (draws,)."""
    return np.asarray(true[:, merged].sum(axis=1) / size[merged].sum())


def _recall(true: Floats, size: Floats, merged: NDArray[np.bool_]) -> Floats:
    """True merged pairs over all true ones; 1 where none is true. Shapes as in ``_precision``."""
    total = true.sum(axis=1)
    return np.divide(true[:, merged].sum(axis=1), total, out=np.ones_like(total), where=total > 0)
