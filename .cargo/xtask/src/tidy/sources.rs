//! Rules on the text of files: which room may name which framework, how long a file may be, what no line may say.

use std::fs;
use std::path::Path;

use anyhow::Result;

/// A framework, and the places of `api/src` that may name it. A place is a directory (it ends with `/`) or a file's name or path.
struct Confinement {
    framework: &'static str,
    crates: &'static [&'static str],
    places: &'static [&'static str],
}

/// Rule 2 of the architecture. `main.rs` starts the actix runtime.
const CONFINEMENTS: [Confinement; 2] = [
    Confinement {
        framework: "actix_web",
        crates: &["actix_web", "actix_http"],
        places: &["http/", "routes.rs", "/main.rs"],
    },
    Confinement {
        framework: "sea_orm",
        crates: &["sea_orm", "sqlx", "sea_query"],
        places: &["db/", "store.rs", "store/tests.rs"],
    },
];

/// A file longer than this is asked to become several.
const LONGEST_FILE: usize = 600;

/// Files that may be longer, each with the reason.
const LONG_FILES: [(&str, &str); 0] = [];

/// Marks of work that was left for later.
const UNFINISHED: [&str; 4] = ["TODO", "FIXME", "XXX:", "HACK:"];

/// Files whose text is somebody else's or made by a tool.
const FOREIGN: [&str; 3] = ["Cargo.lock", "package-lock.json", "LICENSE"];

/// Endings of files that are text.
const TEXT: [&str; 16] = [
    "rs", "toml", "md", "js", "ts", "mjs", "css", "html", "json", "yml", "yaml", "sh", "sql", "csv", "svg", "txt",
];

/// Faults in the text of all files.
pub(super) fn faults(root: &Path, files: &[String]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for path in files {
        if is_foreign(path) || !is_text(path) {
            continue;
        }
        let Ok(text) = fs::read_to_string(root.join(path)) else {
            faults.push(format!("{path}: is not UTF-8 text"));
            continue;
        };
        faults.extend(in_file(path, &text, &machine_paths(root)));
    }
    Ok(faults)
}

fn is_foreign(path: &str) -> bool {
    FOREIGN
        .iter()
        .any(|name| path == *name || path.ends_with(&format!("/{name}")))
}

fn is_text(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((_, extension)) => TEXT.contains(&extension),
        None => matches!(name, "Dockerfile" | "run"),
    }
}

/// Where this checkout lies: text that names it works on one machine only.
fn machine_paths(root: &Path) -> Vec<String> {
    let mut paths = vec![format!("{}/", root.display())];
    for home in ["root", "home"] {
        paths.push(format!("/{home}/"));
    }
    paths
}

/// Faults of one file.
fn in_file(path: &str, text: &str, machine_paths: &[String]) -> Vec<String> {
    let mut faults = Vec::new();
    if path.ends_with(".rs") {
        faults.extend(misplaced_frameworks(path, text));
        let lines = text.lines().count();
        if lines > LONGEST_FILE && !LONG_FILES.iter().any(|(file, _)| file == &path) {
            faults.push(format!(
                "{path}: {lines} lines, more than {LONGEST_FILE}: make several files of it, by what they are for"
            ));
        }
    }
    // This file must name what it forbids.
    if path == ".cargo/xtask/src/tidy/sources.rs" {
        return faults;
    }
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(mark) = UNFINISHED.iter().find(|mark| line.contains(**mark)) {
            faults.push(format!("{path}:{number}: `{mark}`: finish it, or open an issue"));
        }
        if !is_data(path)
            && let Some(place) = machine_paths.iter().find(|place| line.contains(place.as_str()))
        {
            faults.push(format!("{path}:{number}: names `{place}`, a path of one machine"));
        }
    }
    faults
}

/// Tables of data hold what their source holds.
fn is_data(path: &str) -> bool {
    path.ends_with(".csv") || path.starts_with("api/data/")
}

fn misplaced_frameworks(path: &str, text: &str) -> Vec<String> {
    let Some(inside) = path.strip_prefix("api/src/") else {
        return Vec::new();
    };
    let mut faults = Vec::new();
    for confinement in CONFINEMENTS {
        if confinement.places.iter().any(|place| is_at(inside, place)) {
            continue;
        }
        for (number, line) in (1..).zip(text.lines()) {
            let code = line.split("//").next().unwrap_or_default();
            if confinement.crates.iter().any(|name| names_crate(code, name)) {
                faults.push(format!(
                    "{path}:{number}: {} belongs in {} of api/src",
                    confinement.framework,
                    confinement.places.join(", ")
                ));
            }
        }
    }
    faults
}

fn is_at(inside: &str, place: &str) -> bool {
    if place.ends_with('/') {
        inside.starts_with(place) || inside == format!("{}.rs", place.trim_end_matches('/'))
    } else if let Some(top) = place.strip_prefix('/') {
        inside == top
    } else {
        inside == place || inside.ends_with(&format!("/{place}"))
    }
}

/// Whether the code uses this crate's name as a path: `actix_web::…`, or `use actix_web;`.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(start, _)| {
        let before = code[..start].chars().next_back();
        let after = &code[start + name.len()..];
        !before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
            && (after.starts_with("::") || after.starts_with(';'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults_of(path: &str, text: &str) -> Vec<String> {
        in_file(path, text, &["/home/".to_owned()])
    }

    #[test]
    fn a_service_may_not_name_the_web_framework() {
        let faults = faults_of("api/src/matches/service.rs", "use actix_web::HttpResponse;\n");
        assert_eq!(faults.len(), 1);
        assert!(
            faults[0].starts_with("api/src/matches/service.rs:1: actix_web"),
            "{faults:?}"
        );
    }

    #[test]
    fn routes_the_door_and_main_may_name_the_web_framework() {
        for path in [
            "api/src/matches/routes.rs",
            "api/src/http/valid.rs",
            "api/src/http.rs",
            "api/src/main.rs",
            "api/tests/it/main.rs",
        ] {
            assert!(faults_of(path, "use actix_web::App;\n").is_empty(), "{path}");
        }
    }

    #[test]
    fn only_stores_and_the_cellar_may_name_the_database_framework() {
        assert!(faults_of("api/src/matches/store.rs", "use sea_orm::EntityTrait;\n").is_empty());
        assert!(faults_of("api/src/db/entity/city.rs", "use sea_orm::entity::prelude::*;\n").is_empty());
        assert_eq!(
            faults_of("api/src/matches/routes.rs", "fn f(_: sea_orm::DbErr) {}\n").len(),
            1
        );
    }

    #[test]
    fn a_comment_and_a_longer_name_are_no_use_of_a_crate() {
        assert!(faults_of("api/src/error.rs", "// as actix_web::Error does\nlet my_sea_orm = 1;\n").is_empty());
        assert!(faults_of("api/src/error.rs", "use sea_orm_migration::Migrator;\n").is_empty());
    }

    #[test]
    fn a_long_file_is_asked_to_become_several() {
        assert!(faults_of("shared/src/scoring.rs", &"//\n".repeat(LONGEST_FILE)).is_empty());
        assert_eq!(
            faults_of("shared/src/scoring.rs", &"//\n".repeat(LONGEST_FILE + 1)).len(),
            1
        );
    }

    #[test]
    fn unfinished_marks_and_paths_of_one_machine_are_faults() {
        let mark = ["TO", "DO"].concat();
        assert_eq!(faults_of("web/src/app.rs", &format!("// {mark} later\n")).len(), 1);
        assert_eq!(faults_of("README.md", "cd /home/somebody/passerelle\n").len(), 1);
        assert!(faults_of("api/data/names.csv", "/home/,1\n").is_empty());
    }

    #[test]
    fn text_is_known_by_its_ending() {
        assert!(is_text("api/Dockerfile") && is_text(".ci/run") && is_text("web/style/tokens.css"));
        assert!(!is_text("api/data/places.zst"));
        assert!(is_foreign("web/package-lock.json") && !is_foreign("web/package.json"));
    }
}
