"""Ids follow the records from month to month, are never shared, and do not depend on the order of the rows."""

import pyarrow as pa
import pytest

from dtsen_pipeline.linkage import identity
from dtsen_pipeline.warehouse import connect


@pytest.fixture
def con():
    with connect(None) as con:
        yield con


def month(con, persons, previous=(), families=None):
    """Persons as lists of record names; returns the crosswalk as {record: (person_id, family_id)}."""
    rows = [(f"dtks:{record}", number) for number, records in enumerate(persons) for record in records]
    con.execute("create or replace table linkage.orang (record_uid varchar, node_id bigint, orang bigint)")
    con.executemany("insert into linkage.orang values (?, 0, ?)", rows)
    homes = families or list(range(len(persons)))
    con.execute("create or replace table linkage.keluarga_orang (orang bigint, keluarga bigint)")
    con.executemany("insert into linkage.keluarga_orang values (?, ?)", list(enumerate(homes)))
    columns = ("source", "record_id", "person_id", "family_id")
    identity.keep_previous(
        con,
        pa.table({name: pa.array([row[i] for row in previous], pa.string()) for i, name in enumerate(columns)}),
    )
    identity.assign(con)
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
