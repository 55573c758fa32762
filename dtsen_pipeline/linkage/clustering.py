"""Cluster scored pairs: connected components, and best-first merging where a component contradicts itself.

What belongs here: graph work on plain integer arrays. What an edge or a contradiction means is decided by the callers
(nodes in ``persons``, family records in ``families``); nothing here knows columns or databases.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Clusters:
    """Clusters of nodes: ``label[i]`` is the smallest node in that of node i. ``refused`` are row numbers of edges not merged."""

    label: Ints
    refused: Ints


def components(size: int, left: Ints, right: Ints) -> Ints:
    """Label nodes 0..size-1 by the smallest node of their connected component. Shape (size,)."""
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(size, size))
    count, label = connected_components(graph, directed=False)
    smallest = np.empty(count, dtype=np.int64)
    # numpy keeps the last of several values for one place: backwards, that is the smallest node.
    smallest[label[::-1]] = np.arange(size - 1, -1, -1)
    labels: Ints = smallest[label]
    return labels


def best_first(  # noqa: C901 - one algorithm over arrays: its parts would hand on all of its state
    size: int,
    left: Ints,
    right: Ints,
    weight: Floats,
    apart_left: Ints,
    apart_right: Ints,
    *,
    joins: float = -np.inf,
    least_mean: float = -np.inf,
) -> Clusters:
    """Cluster nodes 0..size-1 so that no pair of ``apart_left`` and ``apart_right`` stands together.

    left, right and weight are known pairs; those of weight ``joins`` or more are edges. Components without a pair that must stay
    apart and, where ``least_mean`` is given, without a known pair below ``joins`` are taken whole. In the others edges are merged
    from the heaviest down (ties by node numbers). A merge is refused where it would join two nodes that must stay apart, or
    where the known pairs between the two clusters sum to less than ``least_mean`` for each pair of their nodes: one chance
    likeness does not outweigh many differences (average linkage, Sokal & Michener 1958).
    The result does not depend on the order of the rows. ``refused`` counts rows of the given pairs.
    """
    edge = weight >= joins
    label = components(size, left[edge], right[edge])
    contested = np.zeros(size, dtype=bool)
    inside = label[apart_left] == label[apart_right]
    apart_left, apart_right = apart_left[inside], apart_right[inside]
    contested[label[apart_left]] = True
    if least_mean > -np.inf:
        weak = ~edge & (label[left] == label[right])
        contested[label[left[weak]]] = True
    rows = np.flatnonzero(contested[label[left]] & (label[left] == label[right]))
    low, high = np.minimum(left, right), np.maximum(left, right)
    rows = rows[np.lexsort((high[rows], low[rows], -weight[rows]))]

    # By a node of its own, each cluster's members, enemies (clusters that must stay apart from it), and summed weights to others.
    parent = {int(node): int(node) for node in np.flatnonzero(contested[label])}
    members = {node: [node] for node in parent}
    enemies: dict[int, set[int]] = {node: set() for node in parent}
    between: dict[int, dict[int, float]] = {node: {} for node in parent}
    for first, second in zip(apart_left.tolist(), apart_right.tolist(), strict=True):
        enemies[first].add(second)
        enemies[second].add(first)
    for first, second, known in zip(left[rows].tolist(), right[rows].tolist(), weight[rows].tolist(), strict=True):
        between[first][second] = between[second][first] = known

    refused: list[int] = []
    edges = rows[edge[rows]]
    for row, first, second in zip(edges.tolist(), left[edges].tolist(), right[edges].tolist(), strict=True):
        a, b = parent[first], parent[second]
        if a == b:
            continue
        if b in enemies[a] or between[a][b] < least_mean * len(members[a]) * len(members[b]):
            refused.append(row)
            continue
        if len(members[a]) < len(members[b]):
            a, b = b, a
        for node in members[b]:
            parent[node] = a
        members[a] += members.pop(b)
        for enemy in enemies.pop(b):
            enemies[enemy].discard(b)
            enemies[enemy].add(a)
            enemies[a].add(enemy)
        for neighbour, known in between.pop(b).items():
            del between[neighbour][b]
            if neighbour != a:
                between[a][neighbour] = between[neighbour][a] = between[a].get(neighbour, 0.0) + known
    for group in members.values():
        label[group] = min(group)
    return Clusters(label, np.array(sorted(refused), dtype=np.int64))
