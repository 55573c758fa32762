"""Ids follow the records from month to month, are never shared, and do not depend on the order of the rows."""

import hashlib

import pyarrow as pa
import pytest

from dtsen_pipeline.linkage import identity
from dtsen_pipeline.storage.keys import Keys
from dtsen_pipeline.storage.warehouse import connect

KEYS = Keys("luar", bytes(range(32)))
COLUMNS = ("source", "record_id", "person_id", "family_id")


@pytest.fixture
def con():
    with connect(None) as con:
        yield con


def table(rows):
    return pa.table({name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(COLUMNS)})


def month(con, persons, previous=(), families=None, gone=(), keys=KEYS):
    """Persons as lists of record names; returns the crosswalk as rows of COLUMNS."""
    rows = [(f"dtks:{record}", number) for number, records in enumerate(persons) for record in records]
    con.execute("create or replace table linkage.orang (record_uid varchar, node_id bigint, orang bigint)")
    con.executemany("insert into linkage.orang values (?, 0, ?)", rows)
    homes = families or list(range(len(persons)))
    con.execute("create or replace table linkage.keluarga_orang (orang bigint, keluarga bigint)")
    con.executemany("insert into linkage.keluarga_orang values (?, ?)", list(enumerate(homes)))
    identity.keep_previous(con, table(previous), table(gone))
    identity.assign(con, keys)
    return con.execute("select source, record_id, person_id, family_id from linkage.crosswalk").fetchall()


def persons_of(crosswalk):
    return {record: person for _, record, person, _ in crosswalk}


def test_two_clusters_never_share_an_old_id(con):
    first = month(con, [["a", "b", "c"]])
    split = persons_of(month(con, [["a", "b"], ["c"]], first))
    assert split["a"] == persons_of(first)["a"]
    assert split["c"] != split["a"]


def test_a_new_cluster_does_not_take_the_hash_that_a_living_person_carries(con):
    first = month(con, [["a", "b", "c"]])
    moved = persons_of(month(con, [["b", "c"], ["a"]], first))
    assert moved["b"] == persons_of(first)["a"]
    assert moved["a"] != moved["b"]


def test_merged_persons_keep_the_id_with_more_records(con):
    first = month(con, [["a"], ["b", "c"]])
    merged = persons_of(month(con, [["a", "b", "c"]], first))
    assert set(merged.values()) == {persons_of(first)["b"]}


def test_an_unrelated_person_changes_no_id_and_comes_back_as_before(con):
    first = month(con, [["b"], ["c"]])
    more = month(con, [["a"], ["b"], ["c"]], first)
    assert {row for row in more if row[1] != "a"} == set(first)
    again = month(con, [["a"], ["b"], ["c"]], month(con, [["b"], ["c"]], more))
    assert again == more


def test_families_carry_their_id_like_persons(con):
    first = month(con, [["a"], ["b"]], families=[0, 0])
    later = month(con, [["a"], ["b"], ["x"]], first, families=[0, 0, 0])
    assert {row[3] for row in later} == {first[0][3]}


def test_a_record_number_does_not_give_an_id(con):
    """Offices number people by their NIK: who has a list of NIKs must not find their ids."""
    ((_, record, person, family),) = month(con, [["3175010101010001"]])
    others = month(con, [["3175010101010001"]], keys=Keys("luar", bytes(32)))
    assert (person, family) != others[0][2:]
    assert person[1:] != family[1:]
    for text in (record, f"dtks:{record}", f"orang|dtks:{record}", f"keluarga|dtks:{record}"):
        assert hashlib.sha256(text.encode()).hexdigest()[:16].upper() not in (person[1:], family[1:])


def test_ids_that_were_given_without_a_key_stay(con):
    stored = [("dtks", "a", "POLD", "KOLD")]
    assert month(con, [["a"], ["b"]], stored)[0] == stored[0]


def test_a_person_who_comes_back_gets_the_id_of_then_whatever_made_it(con):
    gone = [("dtks", "a", "POLD", "KOLD")]
    living = [("dtks", "b", "PLIVING", "KLIVING")]
    assert month(con, [["a", "z"], ["b"]], living, gone=gone)[0] == gone[0]


def test_nobody_gets_back_an_id_that_somebody_carries(con):
    """Twins entered as one person: one record left with the id, and is another person now."""
    gone = [("dtks", "a", "PONE", "KONE"), ("dtks", "c", "PTWO", "KTWO"), ("dtks", "d", "PTWO", "KTWO")]
    living = [("dtks", "b", "PONE", "KONE")]
    back = persons_of(month(con, [["a"], ["b"], ["c"], ["d"]], living, gone=gone))
    assert back["b"] == "PONE"
    assert len(set(back.values())) == 4
    assert [back["c"], back["d"]].count("PTWO") == 1


def test_a_new_cluster_does_not_take_the_hash_that_somebody_gone_may_come_back_to(con):
    first = month(con, [["a", "c"]])
    carried = [("dtks", "a", "PELSE", "KELSE"), ("dtks", "b", "PELSE", "KELSE")]
    gone = [row for row in first if row[1] == "c"]
    back = persons_of(month(con, [["a"], ["b"], ["c"]], carried, gone=gone))
    assert back["c"] == persons_of(first)["c"]
    assert len(set(back.values())) == 3
