//! What stands at the top level of the project.

/// The rooms and papers agreed on; hidden entries are free.
const TOP_LEVEL: [&str; 10] = [
    "Cargo.toml",
    "Cargo.lock",
    "LICENSE",
    "README.md",
    "docker-compose.yml",
    "api",
    "web",
    "shared",
    "migrations",
    "openapi",
];

/// Top-level entries that nobody agreed on.
pub(super) fn faults(files: &[String]) -> Vec<String> {
    let mut entries: Vec<&str> = files.iter().filter_map(|path| path.split('/').next()).collect();
    entries.sort_unstable();
    entries.dedup();
    entries
        .into_iter()
        .filter(|entry| !entry.starts_with('.') && !TOP_LEVEL.contains(entry))
        .map(|entry| {
            format!(
                "{entry}: does not belong at the top level; it has a home in one of {}",
                TOP_LEVEL.join(", ")
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn a_new_room_at_the_top_is_a_fault_and_a_hidden_entry_is_not() {
        let files = [
            "Cargo.toml",
            "api/src/main.rs",
            ".ci/run",
            "scripts/build.sh",
            "scripts/test.sh",
        ]
        .map(str::to_owned);
        let faults = faults(&files);
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("scripts: "), "{faults:?}");
    }
}
