//! The modules of the parts in packs: one file or two for a part, where the split makes some forty modules.
//!
//! Whatever several parts need is a module of its own for every set of parts that need it, so most are tiny. Each alone compresses badly and is a request:
//! a page of partners weighed 166 kB in 43 files, and weighs 144 kB in two. What most parts need goes into one pack that they share; a module
//! that only some of them need comes with each of these, since the next page seldom needs it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

/// The pack of what most parts need.
const SHARED: &str = "shared";

/// How `web/parts.js` reads them, and which parts they make.
#[derive(Default)]
pub(super) struct Packs {
    /// Their content by their name.
    pub(super) files: BTreeMap<String, Vec<u8>>,
    /// Which of them each part needs.
    pub(super) needs: BTreeMap<String, Vec<String>>,
}

/// Packs modules, given which of them each part needs.
pub(super) fn pack(modules: &BTreeMap<String, Vec<u8>>, needs: &BTreeMap<String, BTreeSet<String>>) -> Result<Packs> {
    let mut users: BTreeMap<&str, usize> = BTreeMap::new();
    for module in needs.values().flatten() {
        *users.entry(module).or_default() += 1;
    }
    let shared: BTreeSet<&str> = users
        .into_iter()
        .filter(|(_, users)| users * 3 > needs.len() * 2)
        .map(|(module, _)| module)
        .collect();
    let weight =
        |names: &BTreeSet<&str>| -> usize { names.iter().filter_map(|name| modules.get(*name)).map(Vec::len).sum() };
    let mut packs = Packs::default();
    for (part, needed) in needs {
        let needed: BTreeSet<&str> = needed.iter().map(String::as_str).collect();
        let useful = &needed & &shared;
        // A small part would fetch more of what it does not need than the pack spares it.
        let mut own = needed;
        let mut of_part = Vec::new();
        if weight(&useful) * 2 > weight(&shared) {
            own = &own - &shared;
            of_part.push(SHARED.to_owned());
        }
        packs.files.insert(part.clone(), together(modules, &own)?);
        of_part.push(part.clone());
        packs.needs.insert(part.clone(), of_part);
    }
    packs.files.insert(SHARED.to_owned(), together(modules, &shared)?);
    Ok(packs)
}

/// The table, then the modules. A module's number is its place among all.
fn together(modules: &BTreeMap<String, Vec<u8>>, names: &BTreeSet<&str>) -> Result<Vec<u8>> {
    let mut table = u32::try_from(names.len())?.to_le_bytes().to_vec();
    let mut content = Vec::new();
    for name in names {
        let number = modules
            .keys()
            .position(|known| known == name)
            .with_context(|| format!("a part needs a module {name} that there is not"))?;
        let module = &modules[*name];
        table.extend(u32::try_from(number)?.to_le_bytes());
        table.extend(u32::try_from(module.len())?.to_le_bytes());
        content.extend(module);
    }
    table.append(&mut content);
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Packs {
        let modules = [("a", 1), ("b", 2), ("rare", 3), ("every", 9)]
            .map(|(name, length)| (name.to_owned(), vec![length; usize::from(length)]));
        let needs = [
            ("one", vec!["a", "rare", "every"]),
            ("two", vec!["b", "rare", "every"]),
            ("three", vec!["every"]),
            ("four", vec!["a"]),
        ];
        let needs = needs.map(|(part, modules)| (part.to_owned(), modules.into_iter().map(str::to_owned).collect()));
        pack(&modules.into(), &needs.into()).unwrap()
    }

    #[test]
    fn what_most_parts_need_is_shared_and_the_rest_comes_with_each() {
        let packs = sample();
        assert_eq!(packs.needs["one"], ["shared", "one"]);
        assert_eq!(packs.needs["three"], ["shared", "three"]);
        assert_eq!(
            packs.files["shared"],
            [[1, 0, 0, 0, 2, 0, 0, 0, 9, 0, 0, 0].as_slice(), &[9; 9]].concat()
        );
        let table = [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0];
        assert_eq!(packs.files["one"], [table.as_slice(), &[1, 3, 3, 3]].concat());
    }

    #[test]
    fn a_part_that_needs_little_of_what_is_shared_does_not_fetch_it() {
        assert_eq!(sample().needs["four"], ["four"]);
    }

    #[test]
    fn a_module_that_there_is_not_is_refused() {
        let needs = BTreeMap::from([("one".to_owned(), BTreeSet::from(["lost".to_owned()]))]);
        assert!(pack(&BTreeMap::new(), &needs).is_err());
    }
}
