"""Family records become families, and everybody lives in one: guests, splits, marriages and moves."""

import pytest

from dtsen_pipeline.linkage import families
from dtsen_pipeline.sql.models import run_models
from dtsen_pipeline.storage.warehouse import connect

HEAD, SPOUSE, CHILD, IN_LAW, GRANDCHILD, OTHER = 1, 2, 3, 4, 5, 8


@pytest.fixture
def con():
    with connect(None) as con:
        yield con


def homes(con, *listed, cards=None, addresses=None):
    """People as (person, family record, relation, day of the interview, own card, born, married); returns {person: family}.

    A family is named by the persons in it; ``cards`` and ``addresses`` give those of a family record where it has one.
    """
    records = sorted({row[1] for row in listed})
    con.execute(
        """create table intermediate.int_family_record (family_uid varchar, kk varchar, kode_desa varchar, alamat_baku varchar,
        sls varchar, tanggal_amatan date)"""
    )
    con.execute(
        """create table intermediate.int_person_record (record_uid varchar, hubungan integer, status_keberadaan varchar,
        kk varchar, tanggal_amatan date, status_kawin integer, tahun_lahir integer)"""
    )
    con.execute("create table linkage.simpul_rekaman (record_uid varchar, family_uid varchar, rumah bigint)")
    con.execute("create table linkage.orang (record_uid varchar, rumah bigint, node_id bigint, orang bigint)")
    people = sorted({row[0] for row in listed})
    days = {row[1]: row[3] for row in listed}
    for record in records:
        con.execute(
            "insert into intermediate.int_family_record values (?, ?, '3171010001', ?, null, ?)",
            [record, (cards or {}).get(record), (addresses or {}).get(record), days[record]],
        )
    for number, (person, record, relation, day, card, born, married) in enumerate(listed):
        uid, home = f"{record}/{number}", records.index(record)
        con.execute("insert into linkage.simpul_rekaman values (?, ?, ?)", [uid, record, home])
        con.execute("insert into linkage.orang values (?, ?, ?, ?)", [uid, home, number, people.index(person)])
        con.execute(
            "insert into intermediate.int_person_record values (?, ?, 'ada', ?, ?, ?, ?)",
            [uid, relation, card, day, 2 if married else 1, born],
        )
    run_models(con, ["linkage.rumah", "linkage.isi_keluarga", "linkage.pasangan_keluarga"])
    families.cluster(con)
    found = dict(con.execute("select orang, keluarga from linkage.keluarga_orang").fetchall())
    together = {}
    for orang, keluarga in found.items():
        together.setdefault(keluarga, set()).add(people[orang])
    return {people[orang]: "".join(sorted(together[keluarga])) for orang, keluarga in found.items()}


def row(person, record, relation=CHILD, day="2022-11-01", card=None, born=1980, married=False):
    return (person, record, relation, day, card, born, married)


def test_records_that_share_the_head_are_one_family(con):
    found = homes(con, row("A", "dtks:1", HEAD), row("B", "dtks:1"), row("A", "p3ke:1", HEAD), row("C", "p3ke:1"))
    assert set(found.values()) == {"ABC"}


def two_wives(*sources):
    """H, head of two cards: with wife A and child B, and with wife C and child D, as each of ``sources`` tells it."""
    for source in sources:
        yield from (
            row("H", f"{source}:1", HEAD, card="3171"),
            row("A", f"{source}:1", SPOUSE),
            row("B", f"{source}:1"),
        )
        yield from (
            row("H", f"{source}:2", HEAD, card="3172"),
            row("C", f"{source}:2", SPOUSE),
            row("D", f"{source}:2"),
        )


@pytest.mark.parametrize("sources", [("dtks",), ("dtks", "regsosek", "p3ke")])
def test_a_husband_with_two_cards_and_two_addresses_makes_no_family_of_two_and_lives_in_one_of_them(con, sources):
    found = homes(
        con,
        *two_wives(*sources),
        cards={f"{source}:{n}": f"317{n}" for source in sources for n in (1, 2)},
        addresses={f"{source}:{n}": f"JL MAWAR {n}" for source in sources for n in (1, 2)},
    )
    assert found == {"H": "ABH", "A": "ABH", "B": "ABH", "C": "CD", "D": "CD"}


def test_what_two_sources_tell_of_one_wife_each_is_two_families(con):
    listed = [r for r in two_wives("dtks", "p3ke") if r[1] in ("dtks:1", "p3ke:2")]
    found = homes(
        con,
        *listed,
        cards={"dtks:1": "3171", "p3ke:2": "3172"},
        addresses={"dtks:1": "JL MAWAR 1", "p3ke:2": "JL MAWAR 2"},
    )
    assert found["A"] == found["B"] != found["C"] == found["D"]


def test_a_widower_who_moved_with_his_child_and_got_a_new_card_is_the_same_family(con):
    old, new = "2022-11-01", "2025-02-01"
    found = homes(
        con,
        *(row("H", "regsosek:1", HEAD, old), row("A", "regsosek:1", SPOUSE, old), row("B", "regsosek:1", CHILD, old)),
        *(row("H", "dtks:9", HEAD, new), row("B", "dtks:9", CHILD, new), row("C", "dtks:9", SPOUSE, new)),
        cards={"regsosek:1": "3171", "dtks:9": "3172"},
        addresses={"regsosek:1": "JL MAWAR 1", "dtks:9": "JL MELATI 2"},
    )
    assert set(found.values()) == {"ABCH"}


@pytest.mark.parametrize("cards", [{"regsosek:1": "3171", "dtks:9": "3171"}, {"regsosek:1": "3171"}])
def test_a_head_whose_other_members_nobody_could_match_keeps_one_family_under_one_card_or_an_unknown_one(con, cards):
    found = homes(
        con,
        *(row("H", "regsosek:1", HEAD), row("A", "regsosek:1", SPOUSE)),
        *(row("H", "dtks:9", HEAD), row("B", "dtks:9", CHILD)),
        cards=cards,
        addresses={"regsosek:1": "JL MAWAR 1", "dtks:9": "JL MELATI 2"},
    )
    assert set(found.values()) == {"ABH"}


def test_a_child_who_married_is_not_the_bridge_between_two_families(con):
    found = homes(
        con,
        *(row("A", "regsosek:1", HEAD), row("B", "regsosek:1", SPOUSE), row("C", "regsosek:1", CHILD)),
        *(row("C", "dtks:2", SPOUSE, day="2025-02-01"), row("D", "dtks:2", HEAD, day="2025-02-01")),
    )
    assert found == {"A": "AB", "B": "AB", "C": "CD", "D": "CD"}


def test_a_card_alone_joins_nobodys_household(con):
    found = homes(
        con,
        *(row("A", "regsosek:1", HEAD), row("B", "regsosek:1", SPOUSE), row("C", "regsosek:1", CHILD)),
        *(row("C", "dtks:2", SPOUSE, day="2025-02-01"), row("D", "dtks:2", HEAD, day="2025-02-01")),
        row("E", "dtks:2", CHILD, day="2025-02-01"),
        cards={"regsosek:1": "3171", "dtks:2": "3171"},
    )
    assert found["D"] == "CDE" and found["A"] == "AB"


def test_a_single_person_whose_card_nobody_knows_is_at_home_where_the_others_are(con):
    found = homes(con, row("A", "regsosek:1", HEAD), row("B", "regsosek:1"), row("B", "p3ke:9", OTHER))
    assert set(found.values()) == {"AB"}


def test_a_guest_lives_at_home_however_new_the_visit(con):
    found = homes(
        con,
        *(row("A", "regsosek:1", HEAD), row("B", "regsosek:1", SPOUSE)),
        *(row("C", "dtks:2", HEAD, day="2025-02-01"), row("B", "dtks:2", OTHER, day="2025-02-01")),
        row("D", "dtks:2", SPOUSE, day="2025-02-01"),
    )
    assert found["B"] == "AB" and found["C"] == "CD"


def test_who_moved_lives_where_the_newest_interview_was(con):
    found = homes(
        con,
        *(row("A", "regsosek:1", HEAD), row("B", "regsosek:1", CHILD), row("C", "regsosek:1", CHILD)),
        *(row("D", "dtks:2", HEAD, day="2025-02-01"), row("B", "dtks:2", SPOUSE, day="2025-02-01")),
    )
    assert found["B"] == "BD" and found["A"] == "AC"


def test_a_married_child_missing_in_the_parents_newer_interview_has_left_with_spouse_and_children(con):
    old, new = "2022-11-01", "2025-02-01"
    found = homes(
        con,
        *(row("A", "regsosek:1", HEAD, old, born=1960, married=True), row("B", "regsosek:1", SPOUSE, old, born=1962)),
        *(row("C", "regsosek:1", CHILD, old, born=1992, married=True), row("D", "regsosek:1", IN_LAW, old, born=1993)),
        row("E", "regsosek:1", GRANDCHILD, old, born=2019),
        *(row("A", "dtks:1", HEAD, new, born=1960, married=True), row("B", "dtks:1", SPOUSE, new, born=1962)),
    )
    assert found["A"] == "AB"
    assert found["C"] == found["D"] == found["E"] == "CDE"


def test_an_unmarried_child_missing_there_may_only_have_been_forgotten(con):
    old, new = "2022-11-01", "2025-02-01"
    found = homes(
        con,
        *(row("A", "regsosek:1", HEAD, old), row("B", "regsosek:1", SPOUSE, old), row("C", "regsosek:1", CHILD, old)),
        *(row("A", "dtks:1", HEAD, new), row("B", "dtks:1", SPOUSE, new)),
    )
    assert set(found.values()) == {"ABC"}


def test_two_records_of_one_source_are_two_families_whatever_another_source_says(con):
    found = homes(
        con,
        *(row("A", "dtks:1", HEAD), row("B", "dtks:1", SPOUSE)),
        *(row("C", "dtks:2", HEAD), row("D", "dtks:2", SPOUSE)),
        *(row("A", "p3ke:1", HEAD), row("B", "p3ke:1", SPOUSE), row("C", "p3ke:1", CHILD), row("D", "p3ke:1", IN_LAW)),
    )
    assert found["A"] != found["C"]
