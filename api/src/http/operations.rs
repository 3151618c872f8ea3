//! What the document says of a request before anything of it is read: whether its path knows the method, and whether its
//! caller has to tell who it is. The router knows only what matches.

use std::sync::OnceLock;

use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::security::SecurityRequirement;

use super::document;

/// A path of the document and what it knows.
struct KnownPath {
    steps: Vec<String>,
    operations: Vec<KnownOperation>,
}

struct KnownOperation {
    method: &'static str,
    proof: Proof,
}

/// What an operation asks of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Nothing.
    None,
    /// An access token.
    Access,
    /// An access token or, as a browser keeps it longer, a refresh token.
    AccessOrRefresh,
    /// A refresh token.
    Refresh,
}

impl Proof {
    /// What the document says of an operation.
    pub(super) fn of(operation: &Operation) -> Self {
        let mut proofs = Self::None;
        for requirement in operation.security.iter().flatten() {
            let refresh = *requirement == SecurityRequirement::new(document::REFRESH, [] as [&str; 0]);
            proofs = match (proofs, refresh) {
                (Self::None | Self::Refresh, true) => Self::Refresh,
                (Self::None | Self::Access, false) => Self::Access,
                (Self::AccessOrRefresh, _) | (Self::Refresh, false) | (Self::Access, true) => Self::AccessOrRefresh,
            };
        }
        proofs
    }
}

impl KnownPath {
    fn matches(&self, steps: &[&str]) -> bool {
        self.steps.len() == steps.len()
            && self
                .steps
                .iter()
                .zip(steps)
                .all(|(known, step)| known == step || (known.starts_with('{') && !step.is_empty()))
    }
}

/// The paths of the document. Of two that match, the one with fewer parameters comes first.
fn known_paths() -> &'static [KnownPath] {
    static PATHS: OnceLock<Vec<KnownPath>> = OnceLock::new();
    PATHS.get_or_init(|| {
        let mut document = super::openapi();
        let mut paths: Vec<KnownPath> = document
            .paths
            .paths
            .iter_mut()
            .map(|(path, item)| KnownPath {
                steps: path.split('/').map(str::to_owned).collect(),
                operations: document::operations_mut(item)
                    .map(|(method, operation)| KnownOperation {
                        method: method_name(&method),
                        proof: Proof::of(operation),
                    })
                    .collect(),
            })
            .collect();
        paths.sort_by_key(|path| path.steps.iter().filter(|step| step.starts_with('{')).count());
        paths
    })
}

const fn method_name(method: &HttpMethod) -> &'static str {
    match method {
        HttpMethod::Get => "GET",
        HttpMethod::Put => "PUT",
        HttpMethod::Post => "POST",
        HttpMethod::Delete => "DELETE",
        HttpMethod::Patch => "PATCH",
        _ => "OPTIONS",
    }
}

/// What the document says of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// Nothing: the path is not in it.
    Nothing,
    /// The path knows other methods, as `Allow` tells them.
    OtherMethods(String),
    /// An operation, which asks this of its caller.
    Operation(Proof),
}

/// Finds the operation behind a method and a path.
#[must_use]
pub fn asked(method: &str, path: &str) -> Asked {
    let steps: Vec<&str> = path.split('/').collect();
    let Some(known) = known_paths().iter().find(|known| known.matches(&steps)) else {
        return Asked::Nothing;
    };
    match known.operations.iter().find(|operation| operation.method == method) {
        Some(operation) => Asked::Operation(operation.proof),
        None => {
            let mut allowed: Vec<&str> = known.operations.iter().map(|operation| operation.method).collect();
            allowed.sort_unstable();
            Asked::OtherMethods(allowed.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_the_path_goes_before_a_parameter() {
        let allowed = |methods: &str| Asked::OtherMethods(methods.to_owned());
        assert_eq!(asked("GET", "/api/v1/cities/search"), Asked::Operation(Proof::None));
        assert_eq!(asked("PATCH", "/api/v1/cities/search"), allowed("GET"));
        assert_eq!(asked("PATCH", "/api/v1/cities/1"), Asked::Operation(Proof::Access));
        assert_eq!(asked("DELETE", "/api/v1/cities/1"), allowed("GET, PATCH"));
        assert_eq!(
            asked("DELETE", "/api/v1/session"),
            Asked::Operation(Proof::AccessOrRefresh)
        );
        assert_eq!(asked("GET", "/api/v1/nothing"), Asked::Nothing);
    }
}
