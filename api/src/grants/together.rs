//! Making the contracts of several accepted files of a call together: all of them, or none.

use shared::grants::{ContractsDraft, ContractsReport, MadeContract};
use shared::ids::{ApplicationId, CallId};
use shared::problem::{FieldCode, FieldError, ProblemCode};

use super::service::{contracted, record};
use super::store;
use crate::applications::decisions::Chosen;
use crate::caller::Caller;
use crate::db::Answer;
use crate::error::{Error, refuse};
use crate::platform::Platform;
use crate::policy::{self, Action};
use crate::programmes::calls;

/// Makes the contracts of files of a call. The rows of the files are held from here to the commit.
///
/// # Errors
/// `NotFound`, not an officer of the programme, invalid fields, a call whose results are not published; files that are not
/// of the call, that have changed, that were not accepted or have their contract already: each with its place; and those of
/// the database.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    id: CallId,
    draft: ContractsDraft,
) -> Result<Answer<ContractsReport>, Error> {
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let call = calls::visible(caller, calls::store::call(tx.conn(), id).await?)?;
            let programme = call.programme_id;
            policy::require(&caller.actor, &Action::CreateGrant { programme })?;
            refuse(draft.faults())?;
            if !call.state.has_public_results() {
                return Err(Error::conflict(ProblemCode::ResultsUnpublished));
            }
            let wanted = draft.items.iter().map(|item| (item.application_id, item.version));
            let mut chosen = Chosen::of(tx, &call, wanted).await?;
            let files = chosen.take();
            let ids: Vec<ApplicationId> = files.iter().map(|(_, file)| file.id).collect();
            let granted = store::granted_of(tx.conn(), &ids).await?;
            let mut grants = Vec::with_capacity(files.len());
            for (index, file) in files {
                let contract = draft.of(&draft.items[index]);
                match contracted(&file, &call, &contract, tx.now()) {
                    Some(_) if granted.contains(&file.id) => {
                        chosen.against(index, FieldError::new("/application_id", FieldCode::Duplicate));
                    }
                    Some(grant) => grants.push(grant),
                    None => chosen.conflict(index, file.state),
                }
            }
            chosen.require()?;
            store::insert_many(tx, &grants).await?;
            for grant in &grants {
                record(tx, "create", grant).await?;
            }
            Ok(ContractsReport {
                awarded_minor: grants
                    .iter()
                    .fold(0, |sum, grant| sum.saturating_add(grant.awarded_minor)),
                currency: call.rules.currency.clone(),
                items: grants
                    .into_iter()
                    .map(|grant| MadeContract {
                        application_id: grant.application_id,
                        grant_id: grant.id,
                        reference: grant.reference,
                        awarded_minor: grant.awarded_minor,
                    })
                    .collect(),
            })
        })
        .await
}
