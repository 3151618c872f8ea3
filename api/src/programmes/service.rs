//! Programmes and their dated rules.

use serde_json::json;
use shared::audit::Resource;
use shared::budget::difference::{RuleSetDifference, told};
use shared::budget::{Assessment, RuleSet, RuleSetDraft, assess};
use shared::ids::{ProgrammeId, RuleSetId};
use shared::programmes::{ProgrammeDraft, ProgrammePage, ProgrammeView, RuleSetPage, RuleTrial};
use uuid::Uuid;

use super::{countries, store};
use crate::caller::Caller;
use crate::db::Answer;
use crate::error::{Error, refuse};
use crate::http::page::{self, Paging};
use crate::organisations;
use crate::platform::Platform;
use crate::policy::{self, Action};

/// A page of programmes.
///
/// # Errors
/// A cursor of another list, and those of the database.
pub async fn list_programmes(platform: &Platform, caller: &Caller, paging: &Paging) -> Result<ProgrammePage, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let after: Option<ProgrammeId> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0 as usize;
    let mut items = store::list_programmes(&platform.db, after, limit as u64 + 1).await?;
    let next = page::cut(&mut items, limit, |last| last.id);
    Ok(ProgrammePage {
        next: next.map(|place| page::cursor(&place)).transpose()?,
        total: if paging.count {
            Some(store::count_programmes(&platform.db).await?)
        } else {
            None
        },
        items,
    })
}

/// A programme.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read_programme(platform: &Platform, caller: &Caller, id: ProgrammeId) -> Result<ProgrammeView, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    store::programme(platform.db.read(), id).await?.ok_or(Error::NotFound)
}

/// Adds a programme.
///
/// # Errors
/// Not an administrator, invalid fields, and those of the database.
pub async fn create_programme(
    platform: &Platform,
    caller: &Caller,
    draft: ProgrammeDraft,
) -> Result<Answer<ProgrammeView>, Error> {
    policy::require(&caller.actor, &Action::CreateProgramme)?;
    refuse(draft.faults())?;
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let view = ProgrammeView {
                id: ProgrammeId(Uuid::now_v7()),
                version: 1,
                name: draft.name.clone(),
                about: draft.about.clone(),
                funders: draft.funders.clone(),
                source: None,
            };
            store::insert_programme(tx, &view).await?;
            organisations::service::set_funders(tx, view.id, &draft.funder_ids).await?;
            tx.record("create", Resource::Programme, view.id.0, 1, json!({"name": view.name}))
                .await?;
            Ok(view)
        })
        .await
}

/// The rule sets of a programme, latest first.
///
/// # Errors
/// `NotFound`, a cursor of another list, and those of the database.
pub async fn list_rule_sets(
    platform: &Platform,
    caller: &Caller,
    programme: ProgrammeId,
    paging: &Paging,
) -> Result<RuleSetPage, Error> {
    read_programme(platform, caller, programme).await?;
    let before: Option<RuleSetId> = paging.cursor.as_deref().map(page::position).transpose()?;
    let limit = paging.limit.0 as usize;
    let mut items = store::list_rule_sets(&platform.db, programme, before, limit as u64 + 1).await?;
    let next = page::cut(&mut items, limit, |last| last.id);
    Ok(RuleSetPage {
        next: next.map(|place| page::cursor(&place)).transpose()?,
        total: if paging.count {
            Some(store::count_rule_sets(&platform.db, programme).await?)
        } else {
            None
        },
        items,
    })
}

/// Rules of a programme.
///
/// # Errors
/// `NotFound`, and those of the database.
pub async fn read_rule_set(
    platform: &Platform,
    caller: &Caller,
    programme: ProgrammeId,
    id: RuleSetId,
) -> Result<RuleSet, Error> {
    policy::require(&caller.actor, &Action::ReadPublic)?;
    let found = store::rule_set(platform.db.read(), programme, id).await?;
    found.ok_or(Error::NotFound)
}

/// What changes from rules of a programme to others of it: from those that were added before, where it is not said from
/// which.
///
/// # Errors
/// `NotFound`, rules of another programme to compare with, and those of the database.
pub async fn compare_rule_sets(
    platform: &Platform,
    caller: &Caller,
    programme: ProgrammeId,
    id: RuleSetId,
    from: Option<RuleSetId>,
) -> Result<RuleSetDifference, Error> {
    let after = read_rule_set(platform, caller, programme, id).await?;
    let before = match from {
        Some(from) => Some(read_rule_set(platform, caller, programme, from).await?),
        None => store::rules_before(&platform.db, programme, id).await?,
    };
    Ok(RuleSetDifference {
        before: before.as_ref().map(Into::into),
        after: (&after).into(),
        changes: before.map_or_else(Vec::new, |before| told(&before, &after, &countries::name)),
    })
}

/// Rules that are not there yet, tried on a budget: nothing is kept.
///
/// # Errors
/// `NotFound`, not an officer of the programme, invalid fields, and those of the database.
pub async fn try_rule_set(
    platform: &Platform,
    caller: &Caller,
    programme: ProgrammeId,
    trial: RuleTrial,
) -> Result<Assessment, Error> {
    read_programme(platform, caller, programme).await?;
    policy::require(&caller.actor, &Action::ManageCalls { programme })?;
    refuse(trial.faults())?;
    let rules = trial.rules.into_rules(RuleSetId(Uuid::now_v7()), 1);
    Ok(assess(&rules, &trial.budget, trial.cities))
}

/// Adds rules as the next version of their name. The version before them ends the day before, unless it says itself until
/// when it holds.
///
/// # Errors
/// `NotFound`, not an officer of the programme, invalid fields, days at which the version before holds, and those of the
/// database.
pub async fn create_rule_set(
    platform: &Platform,
    caller: &Caller,
    programme: ProgrammeId,
    draft: RuleSetDraft,
) -> Result<Answer<RuleSet>, Error> {
    platform
        .db
        .write_once(caller, &draft, async |tx| {
            let view = store::programme_for_update(tx, programme)
                .await?
                .ok_or(Error::NotFound)?;
            policy::require(&caller.actor, &Action::ManageCalls { programme })?;
            let former = store::last_rules(tx, programme, &draft.name).await?;
            let mut faults = draft.faults();
            faults.extend(former.as_ref().and_then(|former| draft.overlap(former)));
            refuse(faults)?;
            let open = former.as_ref().filter(|former| former.valid_to.is_none());
            if let Some((open, last)) = open.zip(draft.valid_from.pred_opt()) {
                store::end_rules(tx, open, last).await?;
            }
            let version = former.map_or(0, |former| former.version) + 1;
            let rules = draft.clone().into_rules(RuleSetId(Uuid::now_v7()), version);
            store::insert_rule_set(tx, programme, &rules).await?;
            tx.record(
                "add_rules",
                Resource::Programme,
                programme.0,
                view.version,
                json!({"rule_set_id": rules.id, "name": rules.name, "version": version}),
            )
            .await?;
            Ok(rules)
        })
        .await
}
