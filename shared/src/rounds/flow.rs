//! A circulation of least cost, kept at its best while arcs are added one by one.
//!
//! Each arc that is added and would pay is sent one unit along the best cycle through it, found by Dijkstra's algorithm
//! under potentials that keep every reduced cost from being negative. So the circulation is the best at every moment, and
//! the potentials are its proof.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A circulation.
#[derive(Debug, Clone, Default)]
pub(super) struct Flow {
    /// The arcs that leave each node; arc `n ^ 1` is arc `n` backwards.
    leaving: Vec<Vec<u32>>,
    arcs: Vec<Arc>,
    potential: Vec<i64>,
    distance: Vec<i64>,
    by: Vec<u32>,
    touched: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Arc {
    to: u32,
    room: u32,
    cost: i64,
}

const FAR: i64 = i64::MAX;

impl Flow {
    /// Nodes with their first potentials.
    pub(super) fn new(potential: Vec<i64>) -> Self {
        let nodes = potential.len();
        Self {
            leaving: vec![Vec::new(); nodes],
            arcs: Vec::new(),
            potential,
            distance: vec![FAR; nodes],
            by: vec![0; nodes],
            touched: Vec::new(),
        }
    }

    /// The potential of a node.
    pub(super) fn potential(&self, node: u32) -> i64 {
        self.potential[node as usize]
    }

    /// Sets the potential of a node, where all its arcs allow it.
    pub(super) fn set_potential(&mut self, node: u32, potential: i64) {
        self.potential[node as usize] = potential;
    }

    /// Whether an arc is used.
    pub(super) fn is_used(&self, arc: u32) -> bool {
        self.arcs[arc as usize ^ 1].room > 0
    }

    /// Adds an arc that does not pay under the present potentials.
    pub(super) fn put(&mut self, from: u32, to: u32, room: u32, cost: i64) -> u32 {
        let arc = self.arcs.len() as u32;
        self.arcs.push(Arc { to, room, cost });
        self.arcs.push(Arc {
            to: from,
            room: 0,
            cost: -cost,
        });
        self.leaving[from as usize].push(arc);
        self.leaving[to as usize].push(arc + 1);
        arc
    }

    /// Adds an arc of one unit, and uses it where that pays.
    pub(super) fn insert(&mut self, from: u32, to: u32, cost: i64) -> u32 {
        let gain = self.potential(to) - self.potential(from) - cost;
        let arc = self.put(from, to, 0, cost);
        if gain > 0 {
            let path = self.path(to, from, gain);
            let length = path.as_ref().map_or(gain, |(length, _)| *length);
            for node in self.touched.drain(..) {
                let at = node as usize;
                self.potential[at] += (self.distance[at] - length).min(0);
                self.distance[at] = FAR;
            }
            if let Some((_, path)) = path {
                for used in path {
                    self.arcs[used as usize].room -= 1;
                    self.arcs[used as usize ^ 1].room += 1;
                }
                self.arcs[arc as usize ^ 1].room = 1;
                return arc;
            }
        }
        self.arcs[arc as usize].room = 1;
        arc
    }

    /// The shortest path by reduced costs, where it is shorter than `bound`; the nodes it touched keep their distances.
    fn path(&mut self, from: u32, to: u32, bound: i64) -> Option<(i64, Vec<u32>)> {
        let mut heap = BinaryHeap::new();
        self.distance[from as usize] = 0;
        self.touched.push(from);
        heap.push((Reverse(0_i64), from));
        while let Some((Reverse(distance), node)) = heap.pop() {
            if distance > self.distance[node as usize] {
                continue;
            }
            if distance >= bound {
                return None;
            }
            if node == to {
                return Some((distance, self.back(from, to)));
            }
            let here = self.potential[node as usize];
            for &arc in &self.leaving[node as usize] {
                let Arc { to: next, room, cost } = self.arcs[arc as usize];
                let at = next as usize;
                let through = distance + cost + here - self.potential[at];
                if room > 0 && through < self.distance[at] {
                    if self.distance[at] == FAR {
                        self.touched.push(next);
                    }
                    self.distance[at] = through;
                    self.by[at] = arc;
                    heap.push((Reverse(through), next));
                }
            }
        }
        None
    }

    fn back(&self, from: u32, to: u32) -> Vec<u32> {
        let mut path = Vec::new();
        let mut node = to;
        while node != from {
            let arc = self.by[node as usize];
            path.push(arc);
            node = self.arcs[arc as usize ^ 1].to;
        }
        path
    }
}
