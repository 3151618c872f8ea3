//! Writing and filing what one side makes of a partnership. Whoever changes an assessment holds the partnership's row, so that
//! of two sides that file at once the second one sees the first.

use chrono::Datelike as _;
use serde_json::json;
use shared::assessments::{
    AssessmentAction, AssessmentDraft, AssessmentSheet, AssessmentState, AssessmentView, YEAR_MIN,
};
use shared::audit::Resource;
use shared::ids::{AssessmentId, CityId, PartnershipId};
use shared::problem::{FieldCode, FieldError, ProblemCode};
use uuid::Uuid;

use super::store::{self, Assessment};
use crate::activities::views::authorities;
use crate::caller::Caller;
use crate::db::{Answer, Tx};
use crate::error::{Error, refuse};
use crate::partnerships::store as partnerships;
use crate::platform::Platform;
use crate::policy::{self, Action, AssessmentFacts};

/// The sides that have filed, of assessments of one year.
pub(super) fn filed<'a>(of_year: impl Iterator<Item = &'a Assessment>) -> Vec<CityId> {
    let filed = of_year.filter(|one| one.state.is_filed());
    filed.map(|one| one.city_id).collect()
}

/// An assessment.
///
/// # Errors
/// `NotFound`, also for what is not the caller's to see, and those of the database.
pub async fn read(platform: &Platform, caller: &Caller, id: AssessmentId) -> Result<AssessmentView, Error> {
    let conn = platform.db.read();
    let of = store::find(conn, id).await?.ok_or(Error::NotFound)?;
    let of_year = store::of_years(conn, of.partnership_id, &[of.year]).await?;
    let filed = filed(of_year.iter());
    let assessment = &facts(&of, &filed);
    policy::require(&caller.actor, &Action::ReadAssessment { assessment })?;
    Ok(view(platform, caller, of, &filed))
}

/// Begins the assessment of a year for a side.
///
/// # Errors
/// `Denied` for all but the city's staff, `NotFound`, `Invalid`, `AlreadyExists`.
pub async fn create(
    platform: &Platform,
    caller: &Caller,
    partnership: PartnershipId,
    draft: &AssessmentDraft,
) -> Result<Answer<AssessmentView>, Error> {
    let begin = Action::BeginAssessment { city: draft.city_id };
    policy::require(&caller.actor, &begin)?;
    platform
        .db
        .write_once(caller, draft, async |tx| {
            let of = partnerships::for_update(tx, partnership)
                .await?
                .filter(|partnership| partnership.deleted_at.is_none())
                .ok_or(Error::NotFound)?;
            let mut faults = Vec::new();
            if !authorities(&of.parties).contains(&draft.city_id) {
                faults.push(FieldError::new("/city_id", FieldCode::Reference));
            }
            let this_year = tx.now().year();
            if !(YEAR_MIN..=this_year).contains(&draft.year) {
                let range = FieldError::new("/year", FieldCode::Range);
                faults.push(range.with("min", YEAR_MIN).with("max", this_year));
            }
            refuse(faults)?;
            let made = Assessment {
                id: AssessmentId(Uuid::now_v7()),
                version: 1,
                created_at: tx.now(),
                updated_at: tx.now(),
                partnership_id: of.id,
                partnership_name: of.name,
                city_id: draft.city_id,
                year: draft.year,
                state: AssessmentState::Draft,
                sheet: AssessmentSheet::default().whole(),
                filed_at: None,
            };
            store::insert(tx, &made).await?;
            record(tx, "create", &made).await?;
            let of_year = store::of_years(tx.conn(), of.id, &[made.year]).await?;
            Ok(view(platform, caller, made, &filed(of_year.iter())))
        })
        .await
}

/// Writes the scores in place of the former ones; they need not be complete.
///
/// # Errors
/// Those of [`begin_change`], `Invalid`.
pub async fn replace_sheet(
    platform: &Platform,
    caller: &Caller,
    id: AssessmentId,
    sheet: &AssessmentSheet,
) -> Result<AssessmentView, Error> {
    platform
        .db
        .write(caller, async |tx| {
            let mut change = begin_change(tx, id, AssessmentAction::Save).await?;
            refuse(sheet.faults())?;
            let sheet = sheet.whole();
            if sheet != change.of.sheet {
                change.of.sheet = sheet;
                save(tx, &mut change.of, AssessmentAction::Save.code()).await?;
            }
            Ok(view(platform, caller, change.of, &filed(change.others.iter())))
        })
        .await
}

/// Files an assessment as it was last written. Where it is the last one of its year, anybody may read all from now on.
///
/// # Errors
/// Those of [`begin_change`], `AssessmentIncomplete`.
pub async fn file(platform: &Platform, caller: &Caller, id: AssessmentId) -> Result<Answer<AssessmentView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut change = begin_change(tx, id, AssessmentAction::File).await?;
            let errors = change.of.sheet.missing();
            if !errors.is_empty() {
                let code = ProblemCode::AssessmentIncomplete;
                return Err(Error::Conflict { code, errors });
            }
            let mut filed = filed(change.others.iter());
            filed.push(change.of.city_id);
            change.of.filed_at = Some(tx.now());
            let is_last = change.sides.iter().all(|side| filed.contains(side));
            if is_last {
                change.of.state = AssessmentState::Shared;
                let waiting = change.others.iter_mut();
                for other in waiting.filter(|other| other.state == AssessmentState::Filed) {
                    other.state = AssessmentState::Shared;
                    save(tx, other, "share").await?;
                }
            }
            save(tx, &mut change.of, AssessmentAction::File.code()).await?;
            Ok(view(platform, caller, change.of, &filed))
        })
        .await
}

/// Takes back what is filed, as long as no other side can read it.
///
/// # Errors
/// Those of [`begin_change`].
pub async fn take_back(
    platform: &Platform,
    caller: &Caller,
    id: AssessmentId,
) -> Result<Answer<AssessmentView>, Error> {
    platform
        .db
        .write_once(caller, &(), async |tx| {
            let mut change = begin_change(tx, id, AssessmentAction::TakeBack).await?;
            change.of.filed_at = None;
            save(tx, &mut change.of, AssessmentAction::TakeBack.code()).await?;
            Ok(view(platform, caller, change.of, &filed(change.others.iter())))
        })
        .await
}

/// An assessment that is being changed.
struct Change {
    /// It, in the state after the action.
    of: Assessment,
    /// Those of the other sides of the same year.
    others: Vec<Assessment>,
    /// The authorities that take part.
    sides: Vec<CityId>,
}

/// The assessment behind its partnership's lock, for who may change it and knows its version, moved on by `action`.
///
/// # Errors
/// `NotFound`, `Denied`, `Stale`; `AssessmentFiled` or `StateConflict` where it does not stand so.
async fn begin_change(tx: &Tx<'_>, id: AssessmentId, action: AssessmentAction) -> Result<Change, Error> {
    let partnership = store::find(tx.conn(), id).await?.ok_or(Error::NotFound)?.partnership_id;
    let of = partnerships::for_update(tx, partnership)
        .await?
        .ok_or(Error::NotFound)?;
    // Read behind the lock: somebody may have filed meanwhile.
    let mut found = store::find(tx.conn(), id).await?.ok_or(Error::NotFound)?;
    let mut others = store::of_years(tx.conn(), partnership, &[found.year]).await?;
    others.retain(|other| other.id != id);
    let mut all_filed = filed(others.iter());
    let is_read = !all_filed.is_empty();
    if found.state.is_filed() {
        all_filed.push(found.city_id);
    }
    let assessment = &facts(&found, &all_filed);
    policy::require(&tx.caller().actor, &Action::ActOnAssessment { assessment })?;
    tx.caller().expect_version(found.version)?;
    let refused = match action {
        AssessmentAction::TakeBack if !found.state.is_filed() => ProblemCode::StateConflict,
        _ => ProblemCode::AssessmentFiled,
    };
    found.state = found.state.after(action, is_read).ok_or(Error::conflict(refused))?;
    Ok(Change {
        of: found,
        others,
        sides: authorities(&of.parties),
    })
}

async fn save(tx: &Tx<'_>, of: &mut Assessment, verb: &str) -> Result<(), Error> {
    of.version += 1;
    of.updated_at = tx.now();
    store::save(tx, of).await?;
    record(tx, verb, of).await
}

async fn record(tx: &Tx<'_>, verb: &str, of: &Assessment) -> Result<(), Error> {
    // No scores: the journal is read by others.
    let details = json!({ "partnership_id": of.partnership_id, "city_id": of.city_id, "year": of.year });
    tx.record(verb, Resource::Assessment, of.id.0, of.version, details)
        .await
}

fn facts<'a>(of: &Assessment, filed: &'a [CityId]) -> AssessmentFacts<'a> {
    AssessmentFacts {
        city: of.city_id,
        state: of.state,
        filed,
    }
}

fn view(platform: &Platform, caller: &Caller, of: Assessment, filed: &[CityId]) -> AssessmentView {
    let assessment = &facts(&of, filed);
    let may = policy::allows(&caller.actor, &Action::ActOnAssessment { assessment });
    let is_read = filed.iter().any(|&city| city != of.city_id);
    let possible = AssessmentAction::ALL.iter().copied();
    let possible = possible.filter(|&action| may && of.state.after(action, is_read).is_some());
    let allowed = possible.collect();
    let summary = platform.directory.summary(of.city_id);
    let (city_name, city_labels) = summary.map_or_else(Default::default, |summary| {
        (summary.name.clone(), summary.labels.clone())
    });
    AssessmentView {
        id: of.id,
        version: of.version,
        partnership_id: of.partnership_id,
        partnership_name: of.partnership_name,
        city_id: of.city_id,
        city_name,
        city_labels,
        year: of.year,
        state: of.state,
        scores: of.sheet.scores,
        filed_at: of.filed_at,
        allowed,
        updated_at: of.updated_at,
    }
}
