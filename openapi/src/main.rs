//! Writes the committed OpenAPI document, or checks that it is what the code makes (`--check`).

use std::path::Path;

use anyhow::{Context, ensure};

fn main() -> anyhow::Result<()> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let mut document = api::http::openapi()
        .to_pretty_json()
        .context("writing the document as JSON")?;
    document.push('\n');
    if std::env::args().any(|argument| argument == "--check") {
        let committed = std::fs::read_to_string(&file).context("reading openapi/openapi.json")?;
        ensure!(
            committed == document,
            "openapi/openapi.json is not what the code makes: run `cargo xtask openapi`"
        );
        println!("openapi/openapi.json is up to date");
    } else {
        std::fs::write(&file, document)?;
        println!("wrote openapi/openapi.json");
    }
    Ok(())
}
