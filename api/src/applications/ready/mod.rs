//! When a file that is still written is ready: nothing is missing in it but the agreement of its cities.
//!
//! Whatever changes a file settles it ([`settle`]); another form settles all files for its call ([`settle_all`]).

pub mod store;

use shared::applications::{ApplicationState, Section};

use super::gaps::gaps;
use super::store::ApplicationRecord;
use crate::db::Tx;
use crate::error::Error;
use crate::programmes::CallRecord;

/// Says whether the file is ready, while it is written.
pub(super) fn settle(record: &mut ApplicationRecord, call: &CallRecord) {
    if record.state.is_written() {
        record.state = state_of(record, call);
    }
}

fn state_of(record: &ApplicationRecord, call: &CallRecord) -> ApplicationState {
    // Whose agreement is missing does not matter here, nor then to what.
    let missing = gaps(record, call, "");
    ApplicationState::written(missing.iter().all(|gap| gap.section == Section::SignOff))
}

/// Says again of all files for a call that are written whether they are ready.
///
/// # Errors
/// Those of the database.
pub(crate) async fn settle_all(tx: &Tx<'_>, call: &CallRecord) -> Result<(), Error> {
    let written = store::written(tx.conn(), call.id).await?;
    for state in [ApplicationState::Draft, ApplicationState::Ready] {
        let changed = written
            .iter()
            .filter(|file| file.state != state && state_of(file, call) == state);
        let ids: Vec<_> = changed.map(|file| file.id).collect();
        store::set_state(tx, &ids, state).await?;
    }
    Ok(())
}
