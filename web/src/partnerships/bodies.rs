//! Networks and associated actors as parties of a partnership: found in the register of organisations.

use super::model::Party;
use crate::form::Field;
use crate::organisations::{kind_and_country, names};
use crate::ui::prelude::*;
use crate::{app, client, t};
use leptos::prelude::*;
use shared::organisations::{OrganisationKind, OrganisationPage, OrganisationView};
use shared::partnerships::{PartyRef, PartyRole};

/// The search that adds a network as a partner, or an actor as associated; their roles are changed among the parties.
pub(super) fn choice(field: Field, parties: State<Vec<Party>>) -> AnyView {
    let source = source(|words: String| async move {
        let query = [("q", words.trim()), ("kind", "network,actor"), ("limit", "8")];
        let page = client::get::<OrganisationPage>(app::address("/organisations", &query)).await;
        let found = page.map(|page| page.items).unwrap_or_default();
        found.iter().map(proposal).collect()
    });
    let pick = move |choice: Choice| {
        field.type_text(String::new());
        if let Some(taken) = party(choice) {
            parties.update(|parties| {
                if parties.iter().all(|known| known.party != taken.party) {
                    parties.push(taken);
                }
            });
        }
    };
    view! {
        <Combobox
            id=field.id
            label=t!("partnership_edit.add_body")
            hint=t!("partnership_edit.add_body_hint")
            text=field.text
            source=source
            on_pick=pick
        />
        <p class="small"><a href="/organisations">{t!("partnership_edit.all_bodies")}</a></p>
    }
    .into_any()
}

fn proposal(of: &OrganisationView) -> Choice {
    Choice {
        value: format!("{}:{}", of.kind.code(), of.id),
        label: names(of).0.to_owned(),
        detail: kind_and_country(of),
    }
}

/// What was taken, as a party: a network as a partner, an actor as associated.
fn party(choice: Choice) -> Option<Party> {
    let (kind, id) = choice.value.split_once(':')?;
    let (party, role) = match OrganisationKind::from_code(kind)? {
        OrganisationKind::Body => return None,
        OrganisationKind::Network => {
            let network_id = id.parse().ok()?;
            (PartyRef::Network { network_id }, PartyRole::Partner)
        }
        OrganisationKind::Actor => {
            let actor_id = id.parse().ok()?;
            (PartyRef::Actor { actor_id }, PartyRole::Associated)
        }
    };
    Some(Party {
        party,
        name: choice.label,
        role,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_is_a_partner_and_an_actor_is_associated() {
        let id = "01980a5c-7c00-7000-8000-000000000001";
        let taken = |kind: &str| {
            party(Choice {
                value: format!("{kind}:{id}"),
                label: "Tetraktys".to_owned(),
                detail: String::new(),
            })
            .map(|party| (party.role, party.name))
        };
        let named = |role| Some((role, "Tetraktys".to_owned()));
        assert_eq!(taken("actor"), named(PartyRole::Associated));
        assert_eq!(taken("network"), named(PartyRole::Partner));
        assert_eq!(taken("body"), None);
    }
}
