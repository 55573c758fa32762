"""Describe the Splink model as data: what is compared, in which grades, and the parameters it starts from.

What belongs here: comparison levels with the reason for each, starting m and u, thresholds. Training replaces m and u where a
month has enough rows; levels that random pairs never show keep the values given here.
A match weight is log2(m/u). Weights add up to a pair's weight, and log2 of the prior odds is the intercept.
"""

from __future__ import annotations

from typing import Any

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import SettingsCreator

# A pair at or above this weight joins two nodes. Two people made one lose one entitlement, so it lies above the even odds.
THRESHOLD = 2.0
# A component that hangs on an edge below ``UNDOUBTED`` is looked at in full: all its pairs are weighed, and a merge needs a mean
# weight of ``LEAST_MEAN`` over the pairs between the two sides. On months of three simulations that took away a third of the
# false pairs at the cost of a tenth as many true ones.
UNDOUBTED, LEAST_MEAN = 10.0, -7.0
# Weight that joins members left over in two records of one family: there are few people there to mistake for each other.
FAMILY_THRESHOLD = -20.0
# Lower still where their place in the family, sex, age and letters go together too (``pasangan_sisa.sejalan``).
FAMILY_DEEPEST = -36.0
# Pairs down to this weight are kept for review. Inside families pairs are kept down to ``FAMILY_DEEPEST``: all that might join.
KEEP_ABOVE = -12.0

_NAME_CLOSE = "jaro_winkler_similarity(nama_rapat_l, nama_rapat_r) >= 0.92"
_NAME_LIKE = "jaro_winkler_similarity(nama_rapat_l, nama_rapat_r) >= 0.82"
# Brothers share the last word and much of the letters: the first word must be alike too.
_FIRST_LIKE = "(nama_kunci_l = nama_kunci_r or jaro_winkler_similarity(nama_depan_l, nama_depan_r) >= 0.8)"
_SAME_DAY = "(presisi_l = 'hari' and presisi_r = 'hari' and tgl_lahir_l = tgl_lahir_r)"
# Family evidence counts only beside evidence of the person: relatives share it all without being one person.
_PERSON = f"({_SAME_DAY} or nama_kunci_l = nama_kunci_r or nama_depan_l = nama_depan_r)"
# Places are judged by how many live there: one village may hold a tenth of a delivery. But a rare one is worth no more than a
# usual one, since the grades depend on each other: who shares the village mostly shares the birthplace.
_SAME_KK = "(kk_l = kk_r or kk2_l = kk_r or kk_l = kk2_r)"
_SAME_VILLAGE = "(desa_l = desa_r or desa2_l = desa_r or desa_l = desa2_r)"


def _level(
    sql: str,
    label: str,
    m: float,
    u: float,
    *,
    fix_m: bool = False,
    fix_u: bool = False,
    tf: str | None = None,
    tf_floor: float | None = None,
) -> Any:
    level = cll.CustomLevel(sql, label_for_charts=label, base_dialect_str="duckdb").configure(
        m_probability=m, u_probability=u, fix_m_probability=fix_m, fix_u_probability=fix_u
    )
    if tf:
        # The frequency of the value takes the place of u. Detection of an exact level is off: u is this level's own.
        level.configure(
            tf_adjustment_column=tf,
            tf_adjustment_weight=1.0,
            tf_minimum_u_value=u if tf_floor is None else tf_floor,
            disable_tf_exact_match_detection=True,
        )
    return level


def _null(sql: str) -> Any:
    return cll.CustomLevel(sql, label_for_charts="tidak ada").configure(is_null_level=True)


def _else(m: float, u: float) -> Any:
    return cll.ElseLevel().configure(m_probability=m, u_probability=u)


def comparisons() -> list[Any]:
    """Every comparison of the model, best grade first in each."""
    name = cl.CustomComparison(
        output_column_name="nama",
        comparison_description="Nama",
        comparison_levels=[
            _null("nama_l is null or nama_r is null"),
            _level("nama_l = nama_r", "sama", 0.72, 4e-4, tf="nama", tf_floor=1e-6),
            _level(
                "nama_rapat_l = nama_rapat_r or nama_urut_l = nama_urut_r"
                " or (jaro_winkler_similarity(nama_depan_l, nama_akhir_r) >= 0.88"
                " and jaro_winkler_similarity(nama_akhir_l, nama_depan_r) >= 0.88)",
                "sama tanpa spasi atau urutan",
                0.03,
                1e-5,
                fix_u=True,
            ),
            _level(f"{_NAME_CLOSE} and {_FIRST_LIKE}", "salah ketik", 0.12, 4e-4),
            _level(
                "starts_with(nama_rapat_l, nama_rapat_r) or starts_with(nama_rapat_r, nama_rapat_l)"
                " or ends_with(nama_rapat_l, nama_rapat_r) or ends_with(nama_rapat_r, nama_rapat_l)",
                "sebagian nama",
                0.05,
                2e-3,
            ),
            _level(f"{_NAME_LIKE} and {_FIRST_LIKE}", "mirip", 0.04, 3e-3),
            _level(_FIRST_LIKE, "nama depan mirip", 0.03, 0.02),
            # Relatives share the last word (marga, father's name): it speaks for the family, not for the person.
            _level("nama_akhir_l = nama_akhir_r", "hanya nama akhir sama", 0.003, 0.03, fix_m=True, fix_u=True),
            _else(0.02, 0.97),
        ],
    )
    birth = cl.CustomComparison(
        output_column_name="tanggal_lahir",
        comparison_description="Tanggal lahir",
        comparison_levels=[
            _null("tahun_l is null or tahun_r is null"),
            _level(f"{_SAME_DAY} and tumpuk_l = 0", "sama", 0.80, 5e-5),
            _level(_SAME_DAY, "sama, tanggal tumpukan", 0.03, 1e-4),
            _level(
                "presisi_l = 'hari' and presisi_r = 'hari' and tahun_l = tahun_r and bulan_l = hari_r and hari_l = bulan_r",
                "hari dan bulan tertukar",
                0.02,
                1e-5,
                fix_u=True,
            ),
            _level(
                "tahun_l = tahun_r and (presisi_l <> 'hari' or presisi_r <> 'hari' or tumpuk_l = 1 or tumpuk_r = 1)",
                "tahun sama, hari tidak diketahui",
                0.05,
                4e-3,
            ),
            _level(
                "presisi_l = 'hari' and presisi_r = 'hari' and tahun_l = tahun_r and (bulan_l = bulan_r or hari_l = hari_r)",
                "satu bagian beda",
                0.03,
                2e-3,
            ),
            _level(
                "presisi_l = 'hari' and presisi_r = 'hari' and bulan_l = bulan_r and hari_l = hari_r",
                "hari dan bulan sama, tahun beda",
                0.03,
                3e-3,
            ),
            _level("abs(tahun_l - tahun_r) <= 1", "tahun berdekatan", 0.02, 0.04),
            _else(0.02, 0.95),
        ],
    )
    nik = cl.CustomComparison(
        output_column_name="nik",
        comparison_description="NIK",
        comparison_levels=[
            _null("nik_l is null or nik_r is null"),
            # Random pairs never share a NIK; that two people do (copied, issued twice) is rare, and known from deduplication.
            _level("nik_l = nik_r", "sama", 0.90, 1e-7, fix_u=True),
            # A NIK repeats area, sex and birth date, which neighbours share and which are compared elsewhere. So an edit distance
            # over all of it takes two people of one district for one: the digits are compared by what they stand for. Damage
            # in the date counts as a slip of the pen only where not both agree with the birth dates beside them.
            _level(
                "substr(nik_l, 13, 4) = substr(nik_r, 13, 4) and damerau_levenshtein(nik_l, nik_r) <= 2"
                " and substr(nik_l, 7, 6) <> substr(nik_r, 7, 6)"
                " and not coalesce(cocok_l = 1 and cocok_r = 1 and tgl_lahir_l <> tgl_lahir_r, false)",
                "salah ketik pada tanggal",
                0.02,
                1e-6,
                fix_u=True,
            ),
            _level(
                "substr(nik_l, 7, 10) = substr(nik_r, 7, 10) and damerau_levenshtein(nik_l, nik_r) <= 2",
                "salah ketik pada wilayah",
                0.02,
                0.0015,
                fix_u=True,
            ),
            _level(
                "substr(nik_l, 1, 12) = substr(nik_r, 1, 12) and hamming(substr(nik_l, 13, 4), substr(nik_r, 13, 4)) = 1",
                "salah ketik pada nomor urut",
                0.0175,
                0.12,
                fix_m=True,
                fix_u=True,
            ),
            # A NIK that contradicts the birth date or sex beside it is often somebody else's: that it differs says little.
            _level(
                "cocok_l = 0 or cocok_r = 0", "beda, salah satu tidak cocok dengan orangnya", 0.006, 0.11, fix_m=True
            ),
            _else(0.02, 0.92),
        ],
    )
    sex = cl.CustomComparison(
        output_column_name="jk",
        comparison_description="Jenis kelamin",
        comparison_levels=[
            _null("jk_l is null or jk_r is null"),
            # Pairs of one NIK, whose digits say the sex, teach too little of how often a clerk ticks the wrong box.
            _level("jk_l = jk_r", "sama", 0.99, 0.5, fix_m=True),
            _level("jk_l <> jk_r", "beda", 0.01, 0.5, fix_m=True),
            _else(0.01, 0.5),
        ],
    )
    family = cl.CustomComparison(
        output_column_name="keluarga",
        comparison_description="Keluarga dan tempat",
        comparison_levels=[
            _null("(kk_l is null or kk_r is null) and (desa_l is null or desa_r is null)"),
            _level(f"{_SAME_KK} and {_PERSON}", "kartu keluarga sama", 0.70, 2e-4, fix_u=True),
            _level(f"{_SAME_VILLAGE} and alamat_l = alamat_r and {_PERSON}", "alamat sama", 0.05, 2e-4, fix_u=True),
            _level(f"{_SAME_VILLAGE} and {_PERSON}", "desa sama", 0.10, 2e-3, fix_u=True, tf="desa"),
            _level(
                f"kecamatan_l = kecamatan_r and {_PERSON}",
                "kecamatan sama",
                0.03,
                4e-3,
                fix_u=True,
                tf="kecamatan",
            ),
            _level(
                f"kabupaten_l = kabupaten_r and {_PERSON}",
                "kabupaten sama",
                0.03,
                8e-3,
                fix_u=True,
                tf="kabupaten",
            ),
            _else(0.09, 0.98),
        ],
    )
    birthplace = cl.CustomComparison(
        output_column_name="tempat_lahir",
        comparison_description="Tempat lahir",
        comparison_levels=[
            _null(f"tempat_lahir_l is null or tempat_lahir_r is null or not {_PERSON}"),
            _level("tempat_lahir_l = tempat_lahir_r", "sama", 0.90, 0.05, fix_u=True, tf="tempat_lahir"),
            _level("jaro_winkler_similarity(tempat_lahir_l, tempat_lahir_r) >= 0.88", "mirip", 0.04, 0.02, fix_u=True),
            _else(0.06, 0.93),
        ],
    )
    return [name, birth, nik, sex, family, birthplace]


def settings(prior: float, unique_id: str) -> SettingsCreator:
    """Make Splink settings for rows named by ``unique_id``; ``prior`` is the probability that two random rows are one person."""
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name=unique_id,
        comparisons=comparisons(),
        probability_two_random_records_match=prior,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )


def frequency_floors() -> dict[str, float]:
    """List the columns whose values weigh by how common they are, with the least share that makes a difference."""
    levels = [
        level
        for comparison in settings(1e-6, "record_uid").create_settings_dict("duckdb")["comparisons"]
        for level in comparison["comparison_levels"]
        if "tf_adjustment_column" in level
    ]
    return {level["tf_adjustment_column"]: level["tf_minimum_u_value"] for level in levels}
