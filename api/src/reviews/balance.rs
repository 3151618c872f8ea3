//! Spreads files over reviewers: each file gets as many as it should, nobody who may not judge it, and the load is as even
//! as that allows. The same question always has the same answer.

use std::collections::VecDeque;

/// A file that looks for reviewers; people are numbered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seeking {
    /// Who judges it already.
    pub has: Vec<usize>,
    /// Who else may judge it.
    pub may: Vec<usize>,
}

/// Who newly judges each file, in the order of `files`. `load` is how many files each person has; at the end none of the
/// new ones could be moved, alone or in a chain, from somebody to somebody who has two less.
#[must_use]
pub fn balance(files: &[Seeking], load: &[u32], per_file: usize) -> Vec<Vec<usize>> {
    let mut load = load.to_vec();
    let mut given: Vec<Vec<usize>> = vec![Vec::new(); files.len()];
    let mut order: Vec<usize> = (0..files.len()).collect();
    // Who has little choice goes first.
    order.sort_by_key(|&file| (files[file].may.len(), file));
    for file in order {
        let wanted = per_file.saturating_sub(files[file].has.len());
        let mut may = files[file].may.clone();
        may.sort_by_key(|&person| (load[person], person));
        may.truncate(wanted);
        for &person in &may {
            load[person] += 1;
        }
        given[file] = may;
    }
    while let Some(chain) = relief(files, &given, &load) {
        for step in chain {
            load[step.from] -= 1;
            load[step.to] += 1;
            for person in &mut given[step.file] {
                if *person == step.from {
                    *person = step.to;
                    break;
                }
            }
        }
    }
    for people in &mut given {
        people.sort_unstable();
    }
    given
}

/// A file that goes from one person to another.
#[derive(Debug, Clone, Copy)]
struct Step {
    file: usize,
    from: usize,
    to: usize,
}

/// A chain of files that moves one from somebody to somebody who has at least two less.
fn relief(files: &[Seeking], given: &[Vec<usize>], load: &[u32]) -> Option<Vec<Step>> {
    let mut people: Vec<usize> = (0..load.len()).collect();
    people.sort_by_key(|&person| (std::cmp::Reverse(load[person]), person));
    people
        .into_iter()
        .find_map(|start| chain_from(start, files, given, load))
}

fn chain_from(start: usize, files: &[Seeking], given: &[Vec<usize>], load: &[u32]) -> Option<Vec<Step>> {
    let mut came: Vec<Option<Step>> = vec![None; load.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(from) = queue.pop_front() {
        for (file, people) in given.iter().enumerate().filter(|(_, people)| people.contains(&from)) {
            for &to in files[file].may.iter().filter(|to| !people.contains(to)) {
                if to == start || came[to].is_some() {
                    continue;
                }
                came[to] = Some(Step { file, from, to });
                if load[to] + 2 <= load[start] {
                    return Some(way_back(to, &came));
                }
                queue.push_back(to);
            }
        }
    }
    None
}

/// The steps to `end`, the last first: each makes room for the one before it.
fn way_back(end: usize, came: &[Option<Step>]) -> Vec<Step> {
    let mut chain = Vec::new();
    let mut at = end;
    while let Some(step) = came[at] {
        chain.push(step);
        at = step.from;
    }
    chain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn loads(files: &[Seeking], given: &[Vec<usize>], people: usize) -> Vec<usize> {
        let mut load = vec![0; people];
        for (file, people) in files.iter().zip(given) {
            for &person in people.iter().chain(&file.has) {
                load[person] += 1;
            }
        }
        load
    }

    #[test]
    fn who_has_no_conflicts_gets_the_same_load() {
        let files: Vec<Seeking> = (0..158)
            .map(|_| Seeking {
                has: Vec::new(),
                may: (0..7).collect(),
            })
            .collect();
        let given = balance(&files, &[0; 7], 2);
        assert!(given.iter().all(|people| people.len() == 2));
        let load = loads(&files, &given, 7);
        assert_eq!(load.iter().sum::<usize>(), 316);
        assert_eq!(load.iter().max().zip(load.iter().min()), Some((&46, &45)));
    }

    #[test]
    fn a_chain_relieves_who_cannot_give_directly() {
        // Everybody may take the first two files, the third one only the first person, the fourth the first two.
        let may = [vec![0, 1, 2], vec![0, 1, 2], vec![0], vec![0, 1]];
        let files: Vec<Seeking> = may.into_iter().map(|may| Seeking { has: Vec::new(), may }).collect();
        let load = loads(&files, &balance(&files, &[0; 3], 1), 3);
        assert_eq!(load.iter().max(), Some(&2));
    }

    #[test]
    fn what_is_given_already_counts_and_stays() {
        let files = vec![
            Seeking {
                has: vec![0],
                may: vec![1, 2],
            },
            Seeking {
                has: vec![0, 1],
                may: vec![2],
            },
        ];
        assert_eq!(balance(&files, &[2, 1, 0], 2), [vec![2], vec![]]);
    }

    proptest! {
        #[test]
        fn everybody_gets_only_what_they_may_and_as_evenly_as_possible(
            may in prop::collection::vec(prop::collection::btree_set(0..6_usize, 0..6), 0..25),
            per_file in 1..4_usize,
        ) {
            let files: Vec<Seeking> = may
                .into_iter()
                .map(|may| Seeking { has: Vec::new(), may: may.into_iter().collect() })
                .collect();
            let given = balance(&files, &[0; 6], per_file);
            prop_assert_eq!(&given, &balance(&files, &[0; 6], per_file));
            for (file, people) in files.iter().zip(&given) {
                prop_assert_eq!(people.len(), per_file.min(file.may.len()));
                prop_assert!(people.iter().all(|person| file.may.contains(person)));
                prop_assert!(people.windows(2).all(|pair| pair[0] < pair[1]));
            }
            // No file can be handed on to somebody who has two less.
            let load = loads(&files, &given, 6);
            for (file, people) in files.iter().zip(&given) {
                for &from in people {
                    for &to in file.may.iter().filter(|to| !people.contains(to)) {
                        prop_assert!(load[from] < load[to] + 2);
                    }
                }
            }
        }
    }
}
