//! Logs: one JSON line an event, or plain text on a terminal.

use tracing_subscriber::EnvFilter;

/// Starts logging; `filter` is a `tracing` filter such as `info,api=debug`.
pub fn start(filter: &str, json: bool) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    // A second start, as in tests, keeps the first one's settings.
    if json {
        let _ = builder.json().try_init();
    } else {
        let _ = builder.try_init();
    }
}
