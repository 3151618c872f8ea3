//! A side in columns, to look down it for one city of the other side: exact, and most members are given up unseen.
//!
//! Members that offer the same themes stand together: what a city may get at most by its needs is found once for all of them,
//! and those that may give most are looked at first. Among them those that are alike in country, level, languages and
//! priority stand together, what one city gets by these is made once; size comes from a column, and only who may still reach
//! the bar is judged by what is left (distance, and whatever criterion comes new).

use std::collections::{BTreeMap, BinaryHeap, HashMap};
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
}

/// Members that offer the same themes, however ready they are.
#[derive(Debug, Clone)]
struct Offering {
    /// Each theme at least as ready as any of them offers it.
    most: u32,
    left: u8,
    runs: Range<u32>,
    first_row: u32,
}

/// Members of an offering and a group with the same offers, goals and needs, who ask the same of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    group: u32,
    offers: u32,
    goals: u32,
    needs: u32,
    /// Where what they ask stands among the demands.
    demand: u32,
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
    offerings: Vec<Offering>,
    runs: Vec<Run>,
    rows: Vec<Row>,
    /// One member for each different demand.
    demands: Vec<Outline>,
}

/// What a group is told apart by: country, level, languages, points of its priority.
type Kinship<'a> = (u16, Level, &'a [u16], u32);

impl Columns {
    /// Puts members in columns.
    pub(super) fn of<'a>(members: impl Iterator<Item = Source<'a>>) -> Self {
        let kinship = |source: &Source<'a>| -> Kinship<'a> {
            let (country, level, languages) = source.outline.kinship();
            (country, level, languages, source.points)
        };
        let members: Vec<Source<'a>> = members.collect();
        let mut groups: BTreeMap<Kinship<'a>, Source<'a>> = BTreeMap::new();
        for source in &members {
            groups.entry(kinship(source)).or_insert(*source);
        }
        let numbers: HashMap<Kinship<'a>, u32> = groups.keys().copied().zip(0..).collect();
        let mut members: Vec<(u32, Source<'a>)> = members
            .into_iter()
            .filter_map(|source| Some((*numbers.get(&kinship(&source))?, source)))
            .collect();
        members.sort_unstable_by_key(|(group, source)| {
            let outline = source.outline;
            (
                outline.offered(),
                *group,
                outline.offer_bits(),
                outline.goal_bits(),
                outline.need_bits(),
                outline.demand(),
                source.member,
            )
        });
        let mut columns = Self {
            groups: groups
                .into_values()
                .map(|source| Group {
                    like: source.outline.clone(),
                    points: source.points,
                })
                .collect(),
            ..Self::default()
        };
        let mut demands: HashMap<Demand<'a>, u32> = HashMap::new();
        for themes in members.chunk_by(|(_, one), (_, other)| one.outline.offered() == other.outline.offered()) {
            let (first_run, first_row) = (columns.runs.len() as u32, columns.rows.len() as u32);
            let mut most = 0;
            for (group, source) in themes {
                let next = demands.len() as u32;
                let demand = *demands.entry(source.outline.demand()).or_insert(next);
                if demand == next {
                    columns.demands.push(source.outline.clone());
                }
                most |= source.outline.offer_bits();
                columns.put(*source, *group, demand, first_run);
            }
            columns.offerings.push(Offering {
                most,
                left: offers_left(most),
                runs: first_run..columns.runs.len() as u32,
                first_row,
            });
        }
        columns
    }

    fn put(&mut self, source: Source<'_>, group: u32, demand: u32, first_run: u32) {
        let outline = source.outline;
        self.rows.push(Row {
            size: outline.size_steps().unwrap_or(UNKNOWN_SIZE),
            member: source.member,
        });
        let end = self.rows.len() as u32;
        let run = Run {
            group,
            offers: outline.offer_bits(),
            goals: outline.goal_bits(),
            needs: outline.need_bits(),
            demand,
            goal_count: outline.goal_bits().count_ones() as u8,
            asked: asked(outline.need_bits()),
            end,
        };
        match self.runs[first_run as usize..].last_mut() {
            Some(last) if (Run { end, ..*last }) == run => last.end = end,
            _ => self.runs.push(run),
        }
    }

    /// Visits the members from whom a city gets at least `least`, each with what that is; the visit says where the bar is
    /// from there on. `outline_of` gives a member's outline.
    pub(super) fn scan<'a>(
        &self,
        query: &Query<'_>,
        least: u32,
        outline_of: impl Fn(u32) -> &'a Outline,
        visit: impl FnMut(u32, u32) -> u32,
    ) {
        let bases = self.bases(query, |group| query.of_group(group));
        self.walk(
            query,
            &bases,
            query.goals_most + query.after_goals,
            least,
            |met, run, least| {
                if met + query.goals_most + query.after_goals < least {
                    return None;
                }
                Some(met + query.goals(run)).filter(|met| met + query.after_goals >= least)
            },
            |met, row, least| {
                let met = met + query.size(row.size);
                (met + query.late_most >= least).then(|| met + query.late(outline_of(row.member)))
            },
            visit,
        );
    }

    /// Visits the members whose total with a city is at least `least`, each with it; the visit says where the bar is from
    /// there on. The points of its own priority are the city's to add.
    pub(super) fn scan_totals<'a>(
        &self,
        query: &Query<'_>,
        least: u32,
        outline_of: impl Fn(u32) -> &'a Outline,
        visit: impl FnMut(u32, u32) -> u32,
    ) {
        let offers = OffersTable::of(query.us, query.weights.of(Criterion::Needs));
        let demands: Vec<u32> = self.demands.iter().map(|them| query.of_demand(them)).collect();
        let most_demanded = demands.iter().copied().max().unwrap_or(0);
        let languages = query.weights.of(Criterion::Languages);
        let bases = self.bases(query, |group| {
            query.of_group(group) + languages * query.us.value(&group.like, Criterion::Languages)
        });
        // Goals and size are the same for both; so is what is judged last, at most.
        let after_needs = 2 * (query.goals_most + query.after_goals);
        self.walk(
            query,
            &bases,
            most_demanded + query.needs_most + after_needs,
            least,
            |met, run, least| {
                let met = met + demands[run.demand as usize];
                let theirs = offers.met(run.needs);
                if met + offers.most(theirs, run.asked) + after_needs < least {
                    return None;
                }
                let met = met + offers.worth(theirs, run.asked) + 2 * query.goals(run);
                (met + 2 * query.after_goals >= least).then_some(met)
            },
            |met, row, least| {
                let met = met + 2 * query.size(row.size);
                (met + 2 * query.late_most >= least).then(|| met + query.late_both(outline_of(row.member)))
            },
            visit,
        );
    }

    /// What a city gets from each group for being what it is; nothing for those that are not asked.
    fn bases(&self, query: &Query<'_>, worth: impl Fn(&Group) -> u32) -> Vec<Option<u32>> {
        let is_asked = |group: &&Group| query.but_country != Some(group.like.country());
        let of = |group| Some(group).filter(is_asked).map(&worth);
        self.groups.iter().map(of).collect()
    }

    /// Walks down the offerings, those that may give most first, until none can reach the bar any more. `after` is the most
    /// that is added to a group's base and the worth of the offers; `of_run` adds to them what it can and gives up a run
    /// that cannot reach the bar, `of_row` does the same for one member.
    #[expect(clippy::too_many_arguments, reason = "two callers, each with its three steps")]
    fn walk(
        &self,
        query: &Query<'_>,
        bases: &[Option<u32>],
        after: u32,
        mut least: u32,
        of_run: impl Fn(u32, &Run, u32) -> Option<u32>,
        of_row: impl Fn(u32, &Row, u32) -> Option<u32>,
        mut visit: impl FnMut(u32, u32) -> u32,
    ) {
        let Some(base_most) = bases.iter().flatten().max() else {
            return;
        };
        let most = |offering: &Offering| base_most + query.needs.worth(offering.most, offering.left) + after;
        let promising = self.offerings.iter().zip(0_u32..);
        let mut promising: BinaryHeap<(u32, u32)> = promising
            .map(|(offering, at)| (most(offering), at))
            .filter(|(most, _)| *most >= least)
            .collect();
        while let Some((most, at)) = promising.pop() {
            if most < least {
                return;
            }
            let offering = &self.offerings[at as usize];
            let mut start = offering.first_row as usize;
            for run in &self.runs[offering.runs.start as usize..offering.runs.end as usize] {
                let rows = start..run.end as usize;
                start = rows.end;
                let Some(base) = bases[run.group as usize] else {
                    continue;
                };
                let Some(met) = of_run(base + query.needs.worth(run.offers, offering.left), run, least) else {
                    continue;
                };
                for row in &self.rows[rows] {
                    if let Some(worth) = of_row(met, row, least).filter(|worth| *worth >= least) {
                        least = visit(row.member, worth);
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
            // A round knows nothing of existing twinnings: they give nothing, and promise nothing.
            .filter(|criterion| **criterion != Criterion::History)
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
