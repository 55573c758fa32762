"""A made-up month for the tests of its page: small tables that count out, and names that would do harm unescaped."""

from __future__ import annotations

import duckdb

from dtsen_pipeline.bilingual import Bilingual
from dtsen_pipeline.dashboard.data import Past
from dtsen_pipeline.dashboard.results import Events
from dtsen_pipeline.quality.rule import Rule, Verdict

EVIL = "<script>alert(1)</script>"
LABEL = "SITI AMINAH 3573016212900004"
"""A label of a column that no contract knows: the row above the data was no header."""


def verdict(name: str, nilai: float, *, maximum: float, blocking: bool = True, error: str | None = None) -> Verdict:
    rule = Rule(
        name=name,
        table="marts.keluarga",
        statement=Bilingual(f"Uji {name}", f"Test {name}"),
        owner="BPS",
        reason=Bilingual("Angka tahun lalu.", "Last year's figure."),
        maximum=maximum,
        blocking=blocking,
    )
    measures = () if error else (("bagian", nilai),)
    passed = error is None and rule.holds(nilai)
    return Verdict(rule, passed, error, measures, Bilingual(f"ket {name}", f"exp {name}"))


GOOD = (verdict("nik_rusak", 0.01, maximum=0.05), verdict("desil_rata", 0.001, maximum=0.01))
BROKEN = verdict("keluarga_hilang", 0.123456, maximum=0.1)
WARNING = verdict("kiriman_lama", 2, maximum=1, blocking=False)
UNANSWERED = verdict("tanpa_tabel", 0, maximum=1, blocking=False, error="no such table")


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """A month of 300 families in three regencies of two provinces, every third with two records a person."""
    con.execute(
        f"""
        create table raw.deliveries as
        select * from (values
            ('dtks', 'anggota', '2025-03', 'a.csv', 'csv', 500::bigint, 20::bigint, '{LABEL},b', '', '', '5,17'),
            ('dtks', 'anggota', '2025-03', 'b.parquet', 'parquet', 100, 3, '{LABEL}', 'nama_ibu', 'lembar <b>kosong</b>', '5'),
            ('p3ke', 'individu', '2025-02', 'c.csv', 'csv', 200, 0, null, null, null, null),
            ('referensi', 'wilayah', '2025-03', 'w.csv', 'csv', 50, 1, null, null, null, null)
        ) t(source, tabel, bulan_kirim, file, format, rows_read, rows_quarantined, extra_columns, missing_columns, passed_over,
            extra_places);
        create table quarantine.catatan as
        select 'p3ke' as source, 'individu' as tabel, 'c.csv' as file, 'tanggal_lahir' as kolom, '{EVIL}' as nilai,
            unnest(['tanpa_jawaban', 'tanggal_tak_terbaca', 'tanpa_jawaban']) as alasan, '{EVIL}' as keterangan,
            '{EVIL}' as explanation, unnest([30::bigint, 4, 11]) as jumlah, 2 as baris_pertama;
        create table staging.stg_dtks__anggota as select range as id from range(577);
        create table quarantine.alasan as
        select 'dtks' as source, 'anggota' as tabel, 'a.csv' as file, range as line, 'jnskel' as kolom,
               '{EVIL}' as nilai, 'bukan_kode' as alasan, '{EVIL}' as keterangan, '{EVIL}' as explanation
        from range(17)
        union all
        select 'dtks', 'anggota', 'a.csv', range, null, null, 'jumlah_kolom', '', '' from range(6);
        create table intermediate.int_person_record as select range as record_id from range(777);
        create table linkage.crosswalk as
        select 'P-' || range as person_id, 'dtks' as source from range(600)
        union all select 'P-' || range * 3, 'p3ke' from range(200);
        create table linkage.evaluasi as select * from (values
            ('presisi_orang', 'semua', 0.9912, 0.9871, 0.9953, 'contoh tinjauan / reviewed sample'),
            ('rekaman_per_orang', 'semua', 2.17, null, null, 'semua / all'),
            ('presisi_orang', 'provinsi={EVIL}', 0.9755, 0.9543, 0.9967, 'contoh tinjauan / reviewed sample')
        ) as t(ukuran, kelompok, nilai, bawah, atas, dasar);
        create table marts.keluarga as
        select 'K-' || range as family_id, 2 as jumlah_anggota,
               case when range < 200 then '32' else '73' end as kode_provinsi,
               case when range < 200 then 'Jawa Barat' else '{EVIL}' end as nama_provinsi,
               case when range < 196 then '3201' when range < 200 then '3202' else '7301' end as kode_kabupaten,
               case when range < 196 then 'Bogor' when range < 200 then 'Sukabumi' else 'Kepulauan Selayar' end
                   as nama_kabupaten
        from range(300);
        create table marts.anggota as
        select 'P-' || range as person_id, 'K-' || range // 2 as family_id from range(600);
        create table welfare.desil as
        select 'K-' || range as family_id, 1 + range % 10 as desil_nasional from range(290);
        create table welfare.tanpa_skor as
        select 'K-' || range as family_id, 'luas_lantai_kosong' as alasan from range(290, 300);
        create table welfare.laporan as select * from (values
            ('r2', 'semua', 0.4871, 0.4602, 0.5113), ('galat_eksklusi_40', 'semua', 0.3141, 0.2978, 0.3361),
            ('rumah_tangga', 'jk_krt=P', 588, null, null), ('r2', 'jk_krt=P', 0.5251, 0.4785, 0.5823),
            ('terlalu_sedikit', 'provinsi=Bali', 12, null, null),
            ('psi_survei', 'kolom=lantai', 0.0131, null, null), ('psi_rilis_lalu', 'kolom=lantai', 0.2612, null, null)
        ) as t(ukuran, kelompok, nilai, bawah, atas);
        create table raw.kiriman_lalu as select * from (values
            ('dtks', 'anggota', '2025-02', 1000::bigint, 1, '4', ''), ('dtks', 'anggota', '2025-01', 1200, null, null, null)
        ) as t(source, tabel, kiriman, baris, extra_count, extra_places, missing_columns);
        create table publikasi.terbuka as
        select tingkat, jalur, kode_provinsi, nama_provinsi, kode_kabupaten, nama_kabupaten, t.desil, t.keluarga, t.orang
        from (values
            (0, 'ID', null, null, null, null, 290, 580), (1, 'ID/32', '32', 'Jawa Barat', null, null, 195, 390),
            (1, 'ID/73', '73', '{EVIL}', null, null, 95, 190),
            (2, 'ID/32/3201', '32', 'Jawa Barat', '3201', 'Bogor', null, null),
            (2, 'ID/32/3202', '32', 'Jawa Barat', '3202', 'Sukabumi', null, null),
            (2, 'ID/73/7301', '73', '{EVIL}', '7301', 'Kepulauan Selayar', 95, 190)
        ) as a(tingkat, jalur, kode_provinsi, nama_provinsi, kode_kabupaten, nama_kabupaten, semua, orang_semua)
        cross join lateral (
            select 0 as desil, a.semua as keluarga, a.orang_semua as orang
            union all select range, case when range < 9 then a.semua // 10 end, a.orang_semua // 10 from range(1, 11)
        ) as t;
        """
    )


def past(month: str, *, revision: int | None = 1, **nilai: float) -> Past:
    """A month before, in which the rules measured ``nilai``."""
    return Past(
        month,
        revision,
        rules={name: (value <= 0.05, (("bagian", value),)) for name, value in nilai.items()},
        figures={"presisi_orang": 0.9712, "r2": 0.4444},
        counts={"anggota": 590, "keluarga": 295, "crosswalk": 770},
        events=Events({("person", "created"): 590}),
    )
