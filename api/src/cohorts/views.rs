//! Cohorts and their cities as a caller sees them.

use shared::accounts::Grant;
use shared::cities::CityKind;
use shared::cities::kin::CityRef;
use shared::cohorts::{
    CohortAction, CohortMemberAction, CohortMemberView, CohortNetwork, CohortState, CohortView, LetterAction,
    LetterCounts, LetterView, OwnMember, is_late,
};
use shared::ids::CityId;
use shared::language::Texts;

use super::members::store::Member;
use super::store::{Cohort, MemberScope};
use crate::caller::Caller;
use crate::cities::kin;
use crate::platform::Platform;
use crate::policy::{self, Action, Actor};
use crate::zone::end_of_day;

/// Of whom the actor sees everything in cohorts.
pub(super) fn scope_of(actor: &Actor) -> MemberScope {
    if actor.is_admin() {
        return MemberScope::All;
    }
    let (mut networks, mut programmes) = (Vec::new(), Vec::new());
    for grant in actor.grants() {
        match grant {
            Grant::NetworkCoordinator { network_id } => networks.push(*network_id),
            Grant::ProgrammeOfficer { programme_id } => programmes.push(*programme_id),
            _ => {}
        }
    }
    MemberScope::Of(actor.cities().collect(), networks, programmes)
}

/// Whether the cohort was closed before the end of its day.
pub(super) fn closed_early(of: &Cohort) -> bool {
    end_of_day(of.closes_on, &of.zone).is_some_and(|end| of.closes_at < end)
}

/// A cohort with its counts, and the caller's own cities in it.
pub(super) fn cohort(
    platform: &Platform,
    caller: &Caller,
    of: Cohort,
    counts: LetterCounts,
    own: Vec<OwnMember>,
) -> CohortView {
    let facts = of.facts();
    let manages = policy::allows(&caller.actor, &Action::ManageCohort { cohort: &facts });
    let state = CohortState::at(caller.now, of.closes_at);
    let (open, early) = (state == CohortState::Open, closed_early(&of));
    let may_reopen = early && end_of_day(of.closes_on, &of.zone).is_some_and(|end| caller.now <= end);
    let unsent = counts.all() == counts.drafted;
    let joins = caller.actor.cities().any(|city| {
        let may = policy::allows(&caller.actor, &Action::JoinCohort { city, cohort: &facts });
        may && own.iter().all(|member| member.city_id != city)
    });
    let allowed = [
        (CohortAction::Update, manages),
        (CohortAction::Close, manages && open),
        (CohortAction::Reopen, manages && !open && may_reopen),
        (CohortAction::Delete, manages && unsent),
        (CohortAction::AddMember, manages && open),
        (CohortAction::SendLetters, manages && open && counts.drafted > 0),
        (CohortAction::Join, joins && open),
    ];
    let networks = of.networks.iter().map(|&id| {
        let cities = platform.directory.cities();
        let known = cities.networks().iter().find(|network| network.id == id);
        CohortNetwork {
            id,
            name: known.map(|network| network.name.clone()).unwrap_or_default(),
        }
    });
    CohortView {
        networks: networks.collect(),
        id: of.id,
        version: of.version,
        programme_id: of.programme_id,
        programme_name: of.programme_name,
        name: of.name,
        about: of.about,
        minimum_cities: of.minimum_cities,
        levels: of.levels,
        letter: of.letter,
        closes_on: of.closes_on,
        zone: of.zone,
        closes_at: of.closes_at,
        closed_early: early,
        state,
        server_time: caller.now,
        has_enough: counts.signatures() >= of.minimum_cities,
        counts,
        own,
        source: of.source,
        allowed: allowed
            .into_iter()
            .filter_map(|(action, may)| may.then_some(action))
            .collect(),
        updated_at: of.updated_at,
    }
}

/// A city's place as its caller's own.
pub(super) const fn own(of: &Member) -> OwnMember {
    OwnMember {
        id: of.id,
        city_id: of.city_id,
        letter_state: of.letter_state,
    }
}

/// A city's place in a cohort; what concerns people is told to the city and to who leads the cohort only.
pub(super) fn member(platform: &Platform, caller: &Caller, of: Member, cohort: &Cohort) -> CohortMemberView {
    let (facts, actor, city) = (cohort.facts(), &caller.actor, of.city_id);
    let inside = facts.is_inside(actor, city);
    let state = of.letter_state;
    let changes = !state.is_signed() && policy::allows(actor, &Action::JoinCohort { city, cohort: &facts });
    let open = CohortState::at(caller.now, cohort.closes_at) == CohortState::Open;
    let may = |action: LetterAction| {
        of.left_at.is_none()
            && state.after(action).is_some()
            && (open || action != LetterAction::Send)
            && policy::allows(
                actor,
                &Action::ActOnLetter {
                    action,
                    city,
                    cohort: &facts,
                },
            )
    };
    let acts = [
        (CohortMemberAction::Update, true),
        (CohortMemberAction::Leave, actor.is_staff_of(city)),
        (CohortMemberAction::Remove, facts.is_led_by(actor)),
    ];
    let gone = of.left_at.is_some();
    let cities = platform.directory.cities();
    let known = cities.get(city);
    let letter_actions = LetterAction::ALL
        .iter()
        .copied()
        .filter(|&action| may(action))
        .collect();
    CohortMemberView {
        letter_actions,
        allowed: acts
            .into_iter()
            .filter_map(|(action, may)| (may && changes && !gone).then_some(action))
            .collect(),
        letter: LetterView {
            state,
            late: is_late(of.signed_at(), cohort.closes_at),
            sent_at: of.sent_at.filter(|_| inside),
            signature: of.signature.filter(|_| inside),
            reference: of.reference.filter(|_| inside),
            steps: if inside { of.steps } else { Vec::new() },
        },
        id: of.id,
        version: of.version,
        cohort_id: of.cohort_id,
        cohort_name: cohort.name.clone(),
        city: city_ref(platform, city),
        country: known.map(|known| known.country.clone()).unwrap_or_default(),
        location: known.and_then(|known| known.location),
        way: of.way,
        levels: of.levels,
        partner: of.partner_id.map(|partner| city_ref(platform, partner)),
        referent: Some(of.referent).filter(|_| inside),
        has_left: gone,
        joined_at: of.joined_at,
        updated_at: of.updated_at,
    }
}

/// A city by its name; one that another process has just added has none for a moment.
fn city_ref(platform: &Platform, id: CityId) -> CityRef {
    kin::named(platform, id).unwrap_or_else(|| CityRef {
        id,
        kind: CityKind::Municipality,
        name: String::new(),
        labels: Texts::new(),
    })
}
