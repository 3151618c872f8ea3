//! A side in columns, to look down it for one city of the other side: exact, and most members are given up after a look.
//!
//! Members that are alike in country, level, languages and priority stand together, and among them those with the same
//! offers and goals. What one city gets from all of them by these is made once; size comes from a column, and only who may
//! still reach the bar is judged by what is left (distance, and whatever criterion comes new).

use std::collections::HashMap;
use std::ops::Range;

use crate::cities::Level;
use crate::scoring::outline::sides::{NeedsTable, OffersTable, asked, offers_left, size_value};
use crate::scoring::{Criterion, FULL, Outline, Weights};

/// Judged once for a group.
const OF_GROUP: [Criterion; 4] = [
    Criterion::Country,
    Criterion::Ties,
    Criterion::Level,
    Criterion::Languages,
];
/// Of these, what the other gets depends on its own demand.
const OF_DEMAND: [Criterion; 3] = [Criterion::Country, Criterion::Ties, Criterion::Level];
/// Judged by table or column; all others last.
const OF_ROW: [Criterion; 3] = [Criterion::Needs, Criterion::Sdgs, Criterion::Size];
/// Numbers of goals that a city can serve.
const GOALS: usize = 18;
/// In the column of sizes, where it is not known.
const UNKNOWN_SIZE: u32 = u32::MAX;

/// A member of a side, as the columns are made of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) member: u32,
    pub(super) outline: &'a Outline,
    /// What its priority adds for whoever gets it.
    pub(super) points: u32,
}

/// Members that are alike by [`OF_GROUP`] and priority.
#[derive(Debug, Clone)]
struct Group {
    /// One of them, for all.
    like: Outline,
    points: u32,
    runs: Range<usize>,
    first_row: u32,
}

/// Members of a group with the same offers, goals and needs, who ask the same of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    offers: u32,
    goals: u32,
    needs: u32,
    /// Where what they ask stands among the demands.
    demand: u32,
    offers_left: u8,
    goal_count: u8,
    asked: u8,
    end: u32,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    size: u32,
    member: u32,
}

/// The members of a side.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    groups: Vec<Group>,
    runs: Vec<Run>,
    rows: Vec<Row>,
    /// One member for each different demand.
    demands: Vec<Outline>,
}

impl Columns {
    /// Puts members in columns.
    pub(super) fn of<'a>(members: impl Iterator<Item = Source<'a>>) -> Self {
        type Key = (u16, Level, Box<[u16]>, u32);
        let mut groups: HashMap<Key, Vec<Source<'a>>> = HashMap::new();
        for source in members {
            let (country, level, languages) = source.outline.kinship();
            let key = (country, level, languages.into(), source.points);
            groups.entry(key).or_default().push(source);
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut columns = Self::default();
        let mut demands: HashMap<Demand<'a>, u32> = HashMap::new();
        for ((_, _, _, points), mut members) in groups {
            members.sort_unstable_by_key(|source| {
                let outline = source.outline;
                (
                    outline.offer_bits(),
                    outline.goal_bits(),
                    outline.need_bits(),
                    outline.demand(),
                    source.member,
                )
            });
            let (first_run, first_row) = (columns.runs.len(), columns.rows.len() as u32);
            let Some(like) = members.first().map(|source| source.outline.clone()) else {
                continue;
            };
            for source in members {
                let next = demands.len() as u32;
                let demand = *demands.entry(source.outline.demand()).or_insert(next);
                if demand == next {
                    columns.demands.push(source.outline.clone());
                }
                columns.put(source, demand, first_run);
            }
            columns.groups.push(Group {
                like,
                points,
                runs: first_run..columns.runs.len(),
                first_row,
            });
        }
        columns
    }

    fn put(&mut self, source: Source<'_>, demand: u32, first_run: usize) {
        let (offers, goals) = (source.outline.offer_bits(), source.outline.goal_bits());
        let needs = source.outline.need_bits();
        self.rows.push(Row {
            size: source.outline.size_steps().unwrap_or(UNKNOWN_SIZE),
            member: source.member,
        });
        let end = self.rows.len() as u32;
        let run = Run {
            offers,
            goals,
            needs,
            demand,
            offers_left: offers_left(offers),
            goal_count: goals.count_ones() as u8,
            asked: asked(needs),
            end,
        };
        match self.runs[first_run..].last_mut() {
            Some(last) if (Run { end, ..*last }) == run => last.end = end,
            _ => self.runs.push(run),
        }
    }

    /// Visits the members from whom a city gets at least `least`, each with what that is; the visit says where the bar is
    /// from there on. `outline_of` gives a member's outline.
    pub(super) fn scan<'a>(
        &self,
        query: &Query<'_>,
        mut least: u32,
        outline_of: impl Fn(u32) -> &'a Outline,
        mut visit: impl FnMut(u32, u32) -> u32,
    ) {
        let mut order: Vec<(u32, &Group)> = self
            .groups
            .iter()
            .filter(|group| query.but_country != Some(group.like.country()))
            .map(|group| (query.of_group(group), group))
            .collect();
        order.sort_by_key(|(base, _)| std::cmp::Reverse(*base));
        let after_group = query.after_goals + query.goals_most + query.needs_most;
        for (base, group) in order {
            if base + after_group < least {
                break;
            }
            let mut start = group.first_row;
            for run in &self.runs[group.runs.clone()] {
                let rows = start..run.end;
                start = run.end;
                let met = base + query.needs.worth(run.offers, run.offers_left);
                if met + query.goals_most + query.after_goals < least {
                    continue;
                }
                let met = met + query.goals(run);
                if met + query.after_goals < least {
                    continue;
                }
                for row in &self.rows[rows.start as usize..rows.end as usize] {
                    let met = met + query.size(row.size);
                    if met + query.late_most < least {
                        continue;
                    }
                    let worth = met + query.late(outline_of(row.member));
                    if worth >= least {
                        least = visit(row.member, worth);
                    }
                }
            }
        }
    }
}

impl Columns {
    /// Visits the members whose total with a city is at least `least`, each with it; the visit says where the bar is from
    /// there on. The points of its own priority are the city's to add.
    pub(super) fn scan_totals<'a>(
        &self,
        query: &Query<'_>,
        mut least: u32,
        outline_of: impl Fn(u32) -> &'a Outline,
        mut visit: impl FnMut(u32, u32) -> u32,
    ) {
        let offers = OffersTable::of(query.us, query.weights.of(Criterion::Needs));
        let demands: Vec<u32> = self.demands.iter().map(|them| query.of_demand(them)).collect();
        let most_demanded = demands.iter().copied().max().unwrap_or(0);
        let languages = query.weights.of(Criterion::Languages);
        let mut order: Vec<(u32, &Group)> = self
            .groups
            .iter()
            .filter(|group| query.but_country != Some(group.like.country()))
            .map(|group| {
                let spoken = languages * query.us.value(&group.like, Criterion::Languages);
                (query.of_group(group) + spoken, group)
            })
            .collect();
        order.sort_by_key(|(base, _)| std::cmp::Reverse(*base));
        // Goals and size are the same for both; so is what is judged last, at most.
        let after_needs = 2 * (query.goals_most + query.after_goals);
        for (base, group) in order {
            if base + most_demanded + 2 * query.needs_most + after_needs < least {
                break;
            }
            let mut start = group.first_row;
            for run in &self.runs[group.runs.clone()] {
                let rows = start..run.end;
                start = run.end;
                let met = base + demands[run.demand as usize] + query.needs.worth(run.offers, run.offers_left);
                let theirs = offers.met(run.needs);
                if met + offers.most(theirs, run.asked) + after_needs < least {
                    continue;
                }
                let met = met + offers.worth(theirs, run.asked) + 2 * query.goals(run);
                if met + 2 * query.after_goals < least {
                    continue;
                }
                for row in &self.rows[rows.start as usize..rows.end as usize] {
                    let met = met + 2 * query.size(row.size);
                    if met + 2 * query.late_most < least {
                        continue;
                    }
                    let total = met + query.late_both(outline_of(row.member));
                    if total >= least {
                        least = visit(row.member, total);
                    }
                }
            }
        }
    }
}

/// What a city's demand is compared by.
type Demand<'a> = (Level, u8, &'a [u16], &'a [u16]);

/// What one city asks of a side.
pub(super) struct Query<'a> {
    us: &'a Outline,
    weights: &'a Weights,
    but_country: Option<u16>,
    size: Option<u32>,
    needs: NeedsTable,
    /// Weight × value for each number of goals in common and each number of the other's.
    goals: [[u32; GOALS]; GOALS],
    needs_most: u32,
    goals_most: u32,
    after_goals: u32,
    late: Vec<(Criterion, u32)>,
    late_most: u32,
}

impl<'a> Query<'a> {
    /// What `us` asks under these weights; cities of `but_country` are not asked for.
    pub(super) fn of(us: &'a Outline, weights: &'a Weights, but_country: Option<u16>) -> Self {
        let ours = us.goal_bits().count_ones();
        let mut goals = [[0; GOALS]; GOALS];
        for (shared, line) in (0..).zip(&mut goals) {
            for (theirs, cell) in (0..).zip(line) {
                let union = (ours + theirs).saturating_sub(shared);
                *cell = weights.of(Criterion::Sdgs) * (FULL * shared).checked_div(union).unwrap_or(0).min(FULL);
            }
        }
        let late: Vec<(Criterion, u32)> = Criterion::ALL
            .iter()
            .filter(|criterion| !OF_GROUP.contains(criterion) && !OF_ROW.contains(criterion))
            .map(|&criterion| (criterion, weights.of(criterion)))
            .filter(|(_, weight)| *weight > 0)
            .collect();
        let late_most = late.iter().map(|(_, weight)| weight * FULL).sum();
        Self {
            us,
            weights,
            but_country,
            size: us.size_steps(),
            needs: NeedsTable::of(us, weights.of(Criterion::Needs)),
            goals,
            needs_most: FULL * weights.of(Criterion::Needs),
            goals_most: FULL * weights.of(Criterion::Sdgs),
            after_goals: FULL * weights.of(Criterion::Size) + late_most,
            late,
            late_most,
        }
    }

    fn of_group(&self, group: &Group) -> u32 {
        let of = |criterion| self.weights.of(criterion) * self.us.value(&group.like, criterion);
        OF_GROUP.into_iter().map(of).sum::<u32>() + group.points
    }

    /// What a city with this demand gets from us.
    fn of_demand(&self, them: &Outline) -> u32 {
        let of = |criterion| self.weights.of(criterion) * them.value(self.us, criterion);
        OF_DEMAND.into_iter().map(of).sum()
    }

    fn late_both(&self, them: &Outline) -> u32 {
        self.late
            .iter()
            .map(|(criterion, weight)| weight * self.us.both_values(them, *criterion))
            .sum()
    }

    const fn goals(&self, run: &Run) -> u32 {
        let shared = (self.us.goal_bits() & run.goals).count_ones() as usize;
        self.goals[shared][run.goal_count as usize]
    }

    const fn size(&self, theirs: u32) -> u32 {
        let theirs = if theirs == UNKNOWN_SIZE { None } else { Some(theirs) };
        self.weights.of(Criterion::Size) * size_value(self.size, theirs)
    }

    fn late(&self, them: &Outline) -> u32 {
        self.late
            .iter()
            .map(|(criterion, weight)| weight * self.us.value(them, *criterion))
            .sum()
    }
}
