//! Who of those that are sent is already there: a person keeps the id, and the mark as long as nobody has looked. Pure.

use chrono::NaiveDate;
use shared::cities::{Contact, ContactView};
use shared::ids::ContactId;
use uuid::Uuid;

/// The contact persons as they are kept. Who has the same name and address as one of before is that one; where function or mandate
/// are told anew, that confirms the person.
#[must_use]
pub fn carry_over(before: &[ContactView], sent: &[Contact], today: NaiveDate) -> Vec<ContactView> {
    let mut left: Vec<&ContactView> = before.iter().collect();
    let kept = sent.iter().map(|contact| {
        let known = left.iter().position(|view| is_same(&view.contact, contact));
        let known = known.map(|at| left.swap_remove(at));
        let told_anew = |of: &ContactView| {
            let old = &of.contact;
            (&old.function, old.mandate_ends_on, old.elected)
                != (&contact.function, contact.mandate_ends_on, contact.elected)
        };
        match known {
            Some(of) if !told_anew(of) => ContactView {
                contact: contact.clone(),
                ..of.clone()
            },
            of => ContactView {
                id: of.map_or_else(|| ContactId(Uuid::now_v7()), |of| of.id),
                contact: contact.clone(),
                confirmed_on: Some(known_until(contact, today)),
                to_confirm: None,
            },
        }
    });
    kept.collect()
}

fn is_same(one: &Contact, other: &Contact) -> bool {
    one.name.trim() == other.name.trim() && one.email.to_lowercase() == other.email.to_lowercase()
}

/// Whoever enters that a mandate is over does not say that the person is still the right one.
fn known_until(contact: &Contact, today: NaiveDate) -> NaiveDate {
    contact.mandate_ends_on.map_or(today, |day| day.min(today))
}

#[cfg(test)]
mod tests {
    use shared::mandates::{ConfirmReason, ToConfirm};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn mayor() -> ContactView {
        ContactView {
            id: ContactId(Uuid::from_u128(1)),
            contact: Contact {
                name: "Anne Morel".to_owned(),
                function: "Maire".to_owned(),
                email: "maire@ville.example".to_owned(),
                phone: None,
                mandate_ends_on: None,
                elected: true,
            },
            confirmed_on: Some(day("2024-01-01")),
            to_confirm: Some(ToConfirm {
                reason: ConfirmReason::ElectionHeld,
                day: day("2026-03-22"),
            }),
        }
    }

    #[test]
    fn who_stays_as_it_was_keeps_id_and_mark() {
        let before = [mayor()];
        let mut sent = mayor().contact;
        sent.phone = Some("+33 4".to_owned());
        sent.email = "Maire@ville.example".to_owned();
        let kept = carry_over(&before, &[sent.clone()], day("2026-04-01"));
        assert_eq!((kept[0].id, kept[0].to_confirm), (mayor().id, mayor().to_confirm));
        assert_eq!((&kept[0].contact, kept[0].confirmed_on), (&sent, mayor().confirmed_on));
    }

    #[test]
    fn a_new_mandate_confirms_and_a_new_person_is_another() {
        let before = [mayor()];
        let mut sent = mayor().contact;
        sent.mandate_ends_on = Some(day("2032-03-31"));
        let kept = carry_over(&before, &[sent], day("2026-04-01"));
        assert_eq!((kept[0].id, kept[0].to_confirm), (mayor().id, None));
        assert_eq!(kept[0].confirmed_on, Some(day("2026-04-01")));
        let mut sent = mayor().contact;
        sent.name = "Karim Haddad".to_owned();
        let kept = carry_over(&before, &[sent], day("2026-04-01"));
        assert_ne!(kept[0].id, mayor().id);
        assert_eq!(kept[0].to_confirm, None);
    }

    #[test]
    fn who_is_entered_with_a_mandate_that_is_over_is_not_confirmed_by_that() {
        let mut sent = mayor().contact;
        sent.mandate_ends_on = Some(day("2026-03-31"));
        let kept = carry_over(&[], &[sent], day("2026-04-01"));
        assert_eq!(kept[0].confirmed_on, Some(day("2026-03-31")));
    }

    #[test]
    fn two_of_one_address_are_told_apart_by_name() {
        let mut other = mayor();
        other.id = ContactId(Uuid::from_u128(2));
        other.contact.name = "Karim Haddad".to_owned();
        let before = [mayor(), other.clone()];
        let sent = [other.contact.clone(), mayor().contact];
        let ids: Vec<ContactId> = carry_over(&before, &sent, day("2026-04-01"))
            .iter()
            .map(|of| of.id)
            .collect();
        assert_eq!(ids, [other.id, mayor().id]);
    }
}
