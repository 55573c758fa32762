"""Persons from pairs: no chain joins two members of one household, and the last unmatched members of a family find each other."""

import pytest

from dtsen_pipeline.linkage import persons
from dtsen_pipeline.sql.models import run_models
from dtsen_pipeline.storage.warehouse import connect


@pytest.fixture
def con():
    with connect(None) as con:
        yield con


def given(con, people, pairs, in_family=(), doubts=(), men=(), misfits=()):
    """People as (record, family record, NIK, name, birth date); pairs as (index, index, weight). One node a record.

    ``men`` and ``misfits`` are indices: the others are women, and whoever has a NIK has one that fits the birth date.
    """
    homes = sorted({home for _, home, *_ in people})
    rosters = [home.split("#")[0] for home in homes]
    con.execute("create table linkage.simpul_rekaman (record_uid varchar, node_id bigint, rumah bigint, roster bigint)")
    con.executemany(
        "insert into linkage.simpul_rekaman values (?, ?, ?, ?)",
        [
            (record, i, homes.index(home), rosters.index(home.split("#")[0]))
            for i, (record, home, *_) in enumerate(people)
        ],
    )
    con.execute("create table linkage.keputusan (record_l varchar, record_r varchar, putusan varchar)")
    con.execute(
        """create table linkage.simpul (unique_id bigint, nik varchar, nama_rapat varchar, nama_urut varchar, nama_depan varchar,
        nama_akhir varchar, tgl_lahir date, presisi varchar, cocok integer, jk varchar)"""
    )
    con.executemany(
        "insert into linkage.simpul values (?, ?, ?, ?, ?, ?, ?, 'hari', ?, ?)",
        [
            (
                i,
                nik,
                name.replace(" ", ""),
                "".join(sorted(name.split())),
                name.split()[0],
                name.split()[-1] if " " in name else None,
                born,
                int(i not in misfits) if nik else None,
                "L" if i in men else "P",
            )
            for i, (_, _, nik, name, born) in enumerate(people)
        ],
    )
    con.execute(
        """create or replace table linkage.simpul as
        select *, year(tgl_lahir) as tahun, month(tgl_lahir) as bulan, day(tgl_lahir) as hari from linkage.simpul"""
    )
    for table, rows in (("pasangan", pairs), ("pasangan_ragu", doubts), ("pasangan_dalam_keluarga", in_family)):
        con.execute(f"create table linkage.{table} (node_l bigint, node_r bigint, match_weight double)")
        if rows:
            con.executemany(f"insert into linkage.{table} values (?, ?, ?)", rows)
    con.execute(
        "create table linkage.pasangan_sisa as select node_l as join_key_l, node_r as join_key_r, false as sejalan "
        "from linkage.pasangan_dalam_keluarga"
    )


def link(con):
    persons.cluster_first(con)
    persons.cluster_second(con)


def found(con):
    groups = {}
    for record, person in con.execute("select record_uid, orang from linkage.orang order by 1").fetchall():
        groups.setdefault(person, set()).add(record)
    return sorted(map(sorted, groups.values()))


TWINS = [
    ("dtks:a", "dtks:1#1", None, "ARYA ALVARO", "2010-04-01"),
    ("dtks:b", "dtks:1#1", None, "YOSEF ALVARO", "2010-04-01"),
    ("p3ke:c", "p3ke:9#1", None, "Y ALVARO", "2010-04-01"),
]


def test_a_chain_does_not_make_two_members_of_one_household_one_person(con):
    given(con, TWINS, [(0, 2, 5.0), (1, 2, 9.0)])
    link(con)
    assert found(con) == [["dtks:a"], ["dtks:b", "p3ke:c"]]
    assert con.execute("select node_l, node_r from linkage.tolakan").fetchall() == [(0, 2)]


def rostered(*people, sources=("dtks", "regsosek", "p3ke")):
    """The same people as every source tells them, each in one roster, and a heavy pair between any two rows."""
    rows = [
        (f"{source}:{n}", f"{source}:1#1", nik, name, born)
        for source in sources
        for n, (nik, name, born) in enumerate(people)
    ]
    return rows, [(i, j, 25.0 - (i + j) / 100) for i in range(len(rows)) for j in range(i + 1, len(rows))]


@pytest.mark.parametrize(
    "names",
    [("RAHMA AULIA", "RAHMI AULIA"), ("AHMAD FAUZAN", "AHMAD FAUZIN"), ("RAHMA", "RAHMAH"), ("SITI AMINAH",) * 2],
)
def test_twins_with_two_niks_that_fit_stay_two_however_alike_their_names(con, names):
    niks = ("3324115403120001", "3324115403120002")
    people, _ = rostered(*zip(niks, names, ("2012-03-14",) * 2, strict=True))
    pairs = [(i, j, 30.0 if (j - i) % 2 == 0 else 20.0) for i in range(6) for j in range(i + 1, 6)]
    given(con, people, pairs)
    link(con)
    assert found(con) == [["dtks:0", "p3ke:0", "regsosek:0"], ["dtks:1", "p3ke:1", "regsosek:1"]]


def test_twins_with_two_niks_that_only_one_roster_lists_stay_two(con):
    people, pairs = rostered(
        ("3324115403120001", "RAHMA", "2012-03-14"), ("3324115403120002", "RAHMI", "2012-03-14"), sources=("dtks",)
    )
    given(con, people, pairs)
    link(con)
    assert found(con) == [["dtks:0"], ["dtks:1"]]


def test_a_brother_and_a_sister_born_on_one_day_stay_two(con):
    people, pairs = rostered((None, "FITRA HADI", "2012-03-14"), (None, "FITRI HADI", "2012-03-14"), sources=("dtks",))
    given(con, people, pairs, men=[0])
    link(con)
    assert found(con) == [["dtks:0"], ["dtks:1"]]


@pytest.mark.parametrize("nik", [None, "3324115403120001"], ids=["no NIK", "one NIK, copied to both"])
def test_twins_whom_a_second_roster_lists_as_well_stay_two(con, nik):
    people, _ = rostered((nik, "RAHMA", "2012-03-14"), (nik, "RAHMI", "2012-03-14"), sources=("dtks", "p3ke"))
    given(con, people, [(0, 1, 12.0), (2, 3, 12.0), (0, 2, 20.0), (1, 3, 20.0), (0, 3, 12.0), (1, 2, 12.0)])
    link(con)
    assert found(con) == [["dtks:0", "p3ke:0"], ["dtks:1", "p3ke:1"]]


def test_triplets_without_a_niks_whom_two_rosters_list_stay_three(con):
    people, _ = rostered(
        *((None, name, "2012-03-14") for name in ("RAHMA", "RAHMI", "RAHMU")), sources=("dtks", "p3ke")
    )
    given(con, people, [(i, j, 20.0 if j - i == 3 else 12.0) for i in range(6) for j in range(i + 1, 6)])
    link(con)
    assert found(con) == [["dtks:0", "p3ke:0"], ["dtks:1", "p3ke:1"], ["dtks:2", "p3ke:2"]]


def test_a_member_entered_twice_without_a_nik_is_one_person_where_nothing_speaks_against_it(con):
    people, pairs = rostered((None, "SURATMI", "1963-08-02"), (None, "SURATMI", "1963-08-02"), sources=("dtks", "p3ke"))
    given(con, people, pairs)
    link(con)
    assert found(con) == [["dtks:0", "dtks:1", "p3ke:0", "p3ke:1"]]


@pytest.mark.parametrize("again", ["SAMINEM FATIMAH", "FATIMA SAMINEM", "SAMINEM"])
def test_a_member_entered_twice_under_one_nik_is_one_person_though_the_words_differ(con, again):
    nik = "3324115403120001"
    people, pairs = rostered((nik, "FATIMAH SAMINEM", "2012-03-14"), (nik, again, "2012-03-14"), sources=("dtks",))
    given(con, people, pairs)
    link(con)
    assert found(con) == [["dtks:0", "dtks:1"]]


@pytest.mark.parametrize("other", ["RAHMI AULIA", "AISYAH AULIA"])
def test_without_a_nik_a_name_that_differs_is_another_child(con, other):
    people, pairs = rostered((None, "RAHMA AULIA", "2012-03-14"), (None, other, "2012-03-14"), sources=("dtks",))
    given(con, people, pairs)
    link(con)
    assert found(con) == [["dtks:0"], ["dtks:1"]]


def test_a_nik_that_contradicts_its_own_row_does_not_make_two_of_one_entered_twice(con):
    people, pairs = rostered(
        ("3324115403120001", "RAHMA", "2012-03-14"), ("3324110101700009", "RAHMA", "2012-03-14"), sources=("dtks",)
    )
    given(con, people, pairs, misfits=[1])
    link(con)
    assert found(con) == [["dtks:0", "dtks:1"]]


def test_a_member_entered_twice_in_one_household_is_one_person(con):
    people = [
        ("dtks:a", "dtks:1#1", "3507015704890015", "TORIYEH", "1989-04-17"),
        ("dtks:b", "dtks:1#1", "3507015704890015", "TORIYAH", "1990-04-17"),
    ]
    given(con, people, [(0, 1, 30.0)])
    link(con)
    assert found(con) == [["dtks:a", "dtks:b"]]


def test_two_families_under_one_roof_do_not_share_a_member(con):
    people = [
        ("dtks:a", "dtks:1#1", None, "SITI AMINAH", "1989-04-17"),
        ("dtks:b", "dtks:1#2", None, "SITI ROHANI", "1989-04-17"),
    ]
    given(con, people, [(0, 1, 8.0)])
    link(con)
    assert found(con) == [["dtks:a"], ["dtks:b"]]


def decide(con, *decisions):
    con.executemany("insert into linkage.keputusan values (?, ?, ?)", decisions)


def test_a_reviewer_who_tells_two_apart_outranks_the_heaviest_pair(con):
    people = [
        ("dtks:a", "dtks:1#1", None, "SURATMI", "1963-08-02"),
        ("p3ke:a", "p3ke:9#1", None, "SURATMI", "1963-08-02"),
    ]
    given(con, people, [(0, 1, 30.0)])
    decide(con, ("dtks:a", "p3ke:a", "beda"))
    link(con)
    assert found(con) == [["dtks:a"], ["p3ke:a"]]
    assert con.execute("select node_l, node_r, alasan from linkage.tolakan").fetchall() == [(0, 1, "keputusan")]


def test_a_reviewer_who_joins_two_outranks_the_roster_and_the_birth_date(con):
    people = [
        ("dtks:a", "dtks:1#1", None, "SURATMI", "1963-08-02"),
        ("dtks:b", "dtks:1#1", None, "MIMIN", "1971-01-15"),
        ("p3ke:c", "p3ke:9#1", None, "MIMIN", "1971-01-15"),
    ]
    given(con, people, [(1, 2, 9.0)])
    decide(con, ("dtks:a", "dtks:b", "sama"))
    link(con)
    assert found(con) == [["dtks:a", "dtks:b", "p3ke:c"]]


def test_what_was_refused_says_why(con):
    given(con, TWINS, [(0, 2, 5.0), (1, 2, 9.0)])
    link(con)
    assert con.execute("select match_weight, alasan from linkage.tolakan").fetchall() == [(5.0, "roster")]


def left_over(con, cards=(), relations=()):
    """The second pass's candidates, with family cards as (family number, KK) and relations as (record, relation)."""
    con.execute("create or replace table linkage.rumah (rumah bigint, kk varchar)")
    con.execute("create or replace table intermediate.int_person_record (record_uid varchar, hubungan integer)")
    for table, rows in (("linkage.rumah", cards), ("intermediate.int_person_record", relations)):
        if rows:
            con.executemany(f"insert into {table} values (?, ?)", rows)
    run_models(con, ["linkage.pasangan_sisa"])


def test_two_birth_dates_that_two_niks_confirm_are_two_people_however_alike_the_names(con):
    people = [
        ("dtks:a", "dtks:1#1", "3371067110640001", "TUMINI", "1964-10-31"),
        ("p3ke:b", "p3ke:9#1", None, "TUMINI", "1964-01-01"),
        ("regsosek:c", "regsosek:5#1", "3371067006640009", "TUMINI", "1964-06-30"),
    ]
    given(con, people, [(0, 1, 3.7), (1, 2, 9.0)])
    link(con)
    assert found(con) == [["dtks:a"], ["p3ke:b", "regsosek:c"]]
    assert con.execute("select alasan from linkage.tolakan").fetchall() == [("tanggal_lahir",)]


def test_one_likeness_against_all_other_evidence_is_refused_and_says_so(con):
    people = [(f"dtks:{n}", f"dtks:{n}#1", None, "SITI AMINAH", "1989-04-17") for n in range(4)]
    differ = [(0, 2, -15.0), (0, 3, -15.0), (1, 3, -15.0)]
    given(con, people, [(0, 1, 20.0), (2, 3, 20.0), (1, 2, 3.0)], doubts=differ)
    link(con)
    assert found(con) == [["dtks:0", "dtks:1"], ["dtks:2", "dtks:3"]]
    assert con.execute("select node_l, node_r, alasan from linkage.tolakan").fetchall() == [(1, 2, "bukti_lain")]


def test_families_of_one_card_are_searched_for_members_though_nobody_in_them_was_matched(con):
    people = [
        ("dtks:a", "dtks:1#1", None, "AMELIA KIRANA", "2001-05-06"),
        ("p3ke:a", "p3ke:9#1", None, "AMILIAKIRANA", "2001-01-01"),
        ("p3ke:b", "p3ke:9#1", None, "SUPARMAN", "1955-03-09"),
    ]
    given(con, people, [])
    persons.cluster_first(con)
    left_over(con, cards=[(0, "3101"), (1, "3101")], relations=[("dtks:a", 3), ("p3ke:a", 3), ("p3ke:b", 1)])
    found_pairs = con.execute(
        "select join_key_l, join_key_r, sejalan from linkage.pasangan_sisa order by all"
    ).fetchall()
    assert found_pairs == [(0, 1, True), (0, 2, False)]
    con.execute("insert into linkage.pasangan_dalam_keluarga values (0, 1, -30.0), (0, 2, -30.0)")
    persons.cluster_second(con)
    assert found(con) == [["dtks:a", "p3ke:a"], ["p3ke:b"]]


def test_a_weak_pair_joins_nobody_but_the_last_unmatched_members_of_a_family(con):
    people = [
        ("dtks:a", "dtks:1#1", None, "SURATMI", "1963-08-02"),
        ("p3ke:a", "p3ke:9#1", None, "SURATMI", "1963-08-02"),
        ("dtks:b", "dtks:1#1", None, "KIRANA", "2001-02-15"),
        ("p3ke:b", "p3ke:9#1", None, "KIR ANA", "2001-02-15"),
        ("p3ke:x", "p3ke:8#1", None, "KIRANA", "2001-02-15"),
    ]
    given(con, people, [(0, 1, 20.0), (2, 4, -5.0)])
    persons.cluster_first(con)
    left_over(con)
    assert con.execute("select join_key_l, join_key_r from linkage.pasangan_sisa").fetchall() == [(2, 3)]
    con.execute("insert into linkage.pasangan_dalam_keluarga values (2, 3, -5.0)")
    persons.cluster_second(con)
    assert found(con) == [["dtks:a", "p3ke:a"], ["dtks:b", "p3ke:b"], ["p3ke:x"]]
