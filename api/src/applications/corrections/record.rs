//! A file of which two versions are kept: as it was handed in, which its funder reads and which counts, and as its cities
//! correct it. Whichever is on the desk, the other one lies in the correction.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shared::applications::ApplicationState;
use shared::budget::Budget;
use shared::forms::PrefillSource;
use shared::ids::{AccountId, AttachmentId, CityId};
use shared::themes::Theme;

use crate::applications::attachments::store::AttachmentRecord;
use crate::applications::store::{ApplicationRecord, PartyRecord};

/// A correction that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CorrectionRecord {
    /// When.
    pub asked_at: DateTime<Utc>,
    /// By whom; none for a program.
    pub asked_by: Option<AccountId>,
    /// What is to be corrected.
    pub reason: String,
    /// The last millisecond at which it is taken.
    pub until: DateTime<Utc>,
    /// When it was handed in.
    pub handed_in_at: Option<DateTime<Utc>>,
    /// When what counts was handed in, where that was a correction.
    pub received_at: Option<DateTime<Utc>>,
    /// The version that is not on the desk.
    pub other: OtherVersion,
    /// Who had agreed to what was handed in.
    pub signed: Vec<Signature>,
    /// Documents that are only in the correction.
    pub added: Vec<AttachmentId>,
}

/// What a version of a file says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OtherVersion {
    /// The project's title.
    pub title: String,
    /// Answers by the key of their question.
    pub answers: BTreeMap<String, String>,
    /// Where answers come from that nobody has looked at yet.
    pub prefilled: BTreeMap<String, PrefillSource>,
    /// Themes.
    pub themes: Vec<Theme>,
    /// The budget.
    pub budget: Budget,
    /// Who has agreed to it; those to a correction are in the table of parties.
    #[serde(skip)]
    pub signed: Vec<Signature>,
    /// Its documents, of the table of documents.
    #[serde(skip)]
    pub attachments: Vec<AttachmentRecord>,
}

/// The agreement of a city.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signature {
    city_id: CityId,
    at: DateTime<Utc>,
    sha256: String,
}

fn signatures(parties: &[PartyRecord]) -> Vec<Signature> {
    let signed = parties.iter().filter_map(|party| {
        Some(Signature {
            city_id: party.city_id,
            at: party.signed_off_at?,
            sha256: party.signed_sha256.clone()?,
        })
    });
    signed.collect()
}

fn sign(parties: &mut [PartyRecord], signed: &[Signature]) {
    for party in parties {
        let own = signed.iter().find(|signature| signature.city_id == party.city_id);
        party.signed_off_at = own.map(|signature| signature.at);
        party.signed_sha256 = own.map(|signature| signature.sha256.clone());
    }
}

impl ApplicationRecord {
    /// The correction that was not handed in, be it that it still can be or not.
    fn pending(&self) -> Option<&CorrectionRecord> {
        self.correction
            .as_ref()
            .filter(|correction| correction.handed_in_at.is_none())
    }

    /// Lays what was handed in on the desk, once it was read from the tables, which hold the agreements to a correction and the
    /// documents of both.
    pub(in crate::applications) fn put_in_order(&mut self) {
        if self.pending().is_none() {
            return;
        }
        let Some(correction) = &mut self.correction else { return };
        correction.other.signed = signatures(&self.parties);
        correction.other.attachments = self.attachments.clone();
        sign(&mut self.parties, &correction.signed);
        let added = &correction.added;
        self.attachments.retain(|document| !added.contains(&document.id));
    }

    /// Says that it is being corrected, while it is: once the deadline is over it is judged as it was handed in.
    pub(in crate::applications) fn at(&mut self, now: DateTime<Utc>) {
        let is_open = self.pending().is_some_and(|correction| now <= correction.until);
        if self.state == ApplicationState::InReview && is_open {
            self.state = ApplicationState::CorrectionRequested;
        }
    }

    /// Whether a correction was asked for and not handed in by its deadline, as far as its cities know.
    pub(in crate::applications) fn has_missed_correction(&self) -> bool {
        self.state.before_decision() == ApplicationState::InReview && self.pending().is_some()
    }

    /// Lays the correction on the desk, while it is being made.
    pub(in crate::applications) fn open_correction(&mut self) {
        if self.state == ApplicationState::CorrectionRequested && !self.is_correction {
            self.turn();
        }
    }

    /// Lays the other version on the desk.
    pub(in crate::applications) fn turn(&mut self) {
        let Some(correction) = &mut self.correction else { return };
        let other = &mut correction.other;
        std::mem::swap(&mut self.title, &mut other.title);
        std::mem::swap(&mut self.answers, &mut other.answers);
        std::mem::swap(&mut self.prefilled, &mut other.prefilled);
        std::mem::swap(&mut self.themes, &mut other.themes);
        std::mem::swap(&mut self.budget, &mut other.budget);
        std::mem::swap(&mut self.attachments, &mut other.attachments);
        let signed = std::mem::replace(&mut other.signed, signatures(&self.parties));
        sign(&mut self.parties, &signed);
        self.is_correction = !self.is_correction;
    }

    /// The title under which the funder finds it.
    pub(in crate::applications) fn handed_in_title(&self) -> &str {
        match &self.correction {
            Some(correction) if self.is_correction => &correction.other.title,
            _ => &self.title,
        }
    }

    /// Asks for a correction: it begins with what was handed in, and with nobody's agreement. Answers with documents of a former
    /// correction that never counted.
    pub(in crate::applications) fn ask_correction(
        &mut self,
        (asked_at, until): (DateTime<Utc>, DateTime<Utc>),
        asked_by: Option<AccountId>,
        reason: &str,
    ) -> Vec<AttachmentId> {
        let former = self.correction.take();
        let stale = former.as_ref().filter(|former| former.handed_in_at.is_none());
        let left_over = stale.map(|former| former.added.clone()).unwrap_or_default();
        self.correction = Some(CorrectionRecord {
            asked_at,
            asked_by,
            reason: reason.to_owned(),
            until,
            handed_in_at: None,
            received_at: former.and_then(|former| former.received_at),
            other: OtherVersion {
                title: self.title.clone(),
                answers: self.answers.clone(),
                prefilled: self.prefilled.clone(),
                themes: self.themes.clone(),
                budget: self.budget.clone(),
                signed: Vec::new(),
                attachments: self.attachments.clone(),
            },
            signed: signatures(&self.parties),
            added: Vec::new(),
        });
        left_over
    }

    /// Makes the correction that is on the desk what was handed in.
    pub(in crate::applications) fn take_correction(&mut self, now: DateTime<Utc>) {
        self.is_correction = false;
        if let Some(correction) = &mut self.correction {
            correction.handed_in_at = Some(now);
            correction.received_at = Some(now);
            correction.other = OtherVersion::default();
            correction.signed.clear();
            correction.added.clear();
        }
    }

    /// When what counts of it was handed in.
    #[must_use]
    pub fn received_at(&self) -> Option<DateTime<Utc>> {
        let corrected = self.correction.as_ref().and_then(|correction| correction.received_at);
        corrected.or(self.submitted_at)
    }
}
