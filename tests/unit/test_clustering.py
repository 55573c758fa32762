"""Clusters equal networkx's components where nothing conflicts, and never hold two nodes that must stay apart."""

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dtsen_pipeline.linkage.clustering import best_first, components

SIZE = 12
pairs = st.lists(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(lambda p: p[0] != p[1]), max_size=30
)


def arrays(edges):
    both = np.array(edges, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def weights(edges):
    return np.array([(7 * min(e) + 13 * max(e)) % 11 for e in edges], dtype=float)


def test_a_chain_does_not_join_what_must_stay_apart():
    left, right = arrays([(0, 1), (1, 2)])
    found = best_first(3, left, right, np.array([9.0, 5.0]), *arrays([(0, 2)]))
    assert found.label.tolist() == [0, 0, 2]
    assert found.refused.tolist() == [1]


def test_the_heavier_edge_wins_and_the_lighter_is_refused():
    left, right = arrays([(0, 1), (1, 2)])
    found = best_first(3, left, right, np.array([5.0, 9.0]), *arrays([(0, 2)]))
    assert found.label.tolist() == [0, 1, 1]


def test_a_merged_cluster_inherits_what_its_members_must_avoid():
    left, right = arrays([(0, 1), (2, 3), (1, 2)])
    found = best_first(4, left, right, np.array([9.0, 8.0, 7.0]), *arrays([(0, 3)]))
    assert found.label.tolist() == [0, 0, 2, 2]


@given(pairs)
def test_components_equal_networkx(edges):
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(SIZE))
    expected = {frozenset(group) for group in nx.connected_components(graph)}
    label = components(SIZE, *arrays(edges))
    assert {frozenset(np.flatnonzero(label == value).tolist()) for value in set(label.tolist())} == expected
    assert all(value == min(np.flatnonzero(label == value)) for value in set(label.tolist()))


@given(pairs, pairs)
def test_no_cluster_holds_a_pair_that_must_stay_apart(edges, apart):
    found = best_first(SIZE, *arrays(edges), weights(edges), *arrays(apart))
    assert all(found.label[one] != found.label[other] for one, other in apart)
    refined = components(SIZE, *arrays(edges))
    assert all(refined[node] == refined[found.label[node]] for node in range(SIZE))


@given(pairs, pairs, st.randoms())
def test_the_order_of_the_rows_changes_nothing(edges, apart, random):
    shuffled = list(edges)
    random.shuffle(shuffled)
    one = best_first(SIZE, *arrays(edges), weights(edges), *arrays(apart))
    other = best_first(SIZE, *arrays(shuffled), weights(shuffled), *arrays(apart))
    assert one.label.tolist() == other.label.tolist()


def test_one_chance_likeness_does_not_outweigh_many_differences():
    # 0-1-2 and 3-4-5 are sure; 2 and 3 look alike, everything else between the two is known to differ
    inner = [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)]
    across = [(0, 3), (0, 4), (0, 5), (1, 3), (1, 4), (1, 5), (2, 4), (2, 5)]
    left, right = arrays([*inner, (2, 3), *across])
    weight = np.array([20.0] * 6 + [5.0] + [-15.0] * 8)
    apart = arrays([])
    assert best_first(6, left, right, weight, *apart, joins=2.0).label.tolist() == [0] * 6
    doubted = best_first(6, left, right, weight, *apart, joins=2.0, least_mean=-7.0)
    assert doubted.label.tolist() == [0, 0, 0, 3, 3, 3]
    assert doubted.refused.tolist() == [6]


@given(pairs, pairs, st.randoms())
def test_means_do_not_depend_on_the_order_of_the_rows(edges, apart, random):
    edges = sorted({(min(e), max(e)) for e in edges})
    shuffled = list(edges)
    random.shuffle(shuffled)
    one, other = (
        best_first(SIZE, *arrays(rows), weights(rows) - 4, *arrays(apart), joins=0.0, least_mean=-1.0)
        for rows in (edges, shuffled)
    )
    assert one.label.tolist() == other.label.tolist()
