//! The fields of the profile's form, and the way between them and a [`Profile`].
//!
//! Lists of statements and contacts are pools of slots: slot 3 always stands for `/need_statements/3`, so that the server's error finds its field whatever
//! was added or removed above it.

use super::super::profile::{Change, Profile};
use crate::browser;
use crate::form::{Field, Form, lasting};
use crate::ui::prelude::*;
use crate::{text, textf};
use leptos::prelude::*;
use shared::cities::{CONTACTS_MAX, Contact, Engagement, Level, STATEMENTS_MAX, Statement, Urgency};
use shared::language::Language;
use shared::themes::Theme;

/// Languages that staff is likely to work in: official ones of Europe and of the partners' countries.
const LANGUAGES: &str = "ar az be bg bs ca cs cy da de el en es et eu fa fi fr ga gl he hr hu hy id is it ja ka kk ko ku lb lt lv mk ml mt nl no pl \
     ps pt ro ru sk sl sq sr sv sw ta tr uk ur vi wo zh";

/// The options of a choice of languages.
pub(super) fn language_options() -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = LANGUAGES
        .split_ascii_whitespace()
        .map(|tag| (tag.to_owned(), intl::language_name(tag)))
        .collect();
    all.sort_by_key(|(_, name)| name.to_lowercase());
    all
}

/// The id of the tab and panel of a description's language.
pub(super) fn tab_id(tag: &str) -> &'static str {
    lasting(format!("description-{tag}"))
}

/// One need or offer in the form.
#[derive(Clone, Copy)]
pub(super) struct StatementSlot {
    pub theme: State<Option<Theme>>,
    pub urgency: Field,
    pub sentence: Field,
    pub place: Field,
}

/// One contact person in the form.
#[derive(Clone, Copy)]
pub(super) struct ContactSlot {
    pub name: Field,
    pub function: Field,
    pub email: Field,
    pub phone: Field,
    pub until: Field,
    pub elected: State<bool>,
}

/// Slots with the number of those in use.
pub(super) struct Pool<S: Send + Sync + 'static> {
    pub slots: Kept<Vec<S>>,
    pub used: State<usize>,
}

impl<S: Send + Sync + 'static> Clone for Pool<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Send + Sync + 'static> Copy for Pool<S> {}

impl<S: Copy + Send + Sync + 'static> Pool<S> {
    fn new(slots: Vec<S>) -> Pool<S> {
        Pool {
            slots: Kept::new(slots),
            used: State::new(0),
        }
    }

    /// The slots in use; tracked.
    pub(super) fn in_use(self) -> Vec<S> {
        let used = self.used.get();
        self.slots
            .with_value(|slots| slots.iter().take(used).copied().collect())
    }
}

/// All fields. Cheap to copy; lives as long as the editor.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    form: Form,
    owner: Kept<Option<Owner>>,
    described: Kept<Vec<(String, Field)>>,
    /// Languages that have a tab.
    pub tabs: State<Vec<String>>,
    /// The tab that is seen.
    pub tab: State<String>,
    pub needs: Pool<StatementSlot>,
    pub offers: Pool<StatementSlot>,
    pub contacts: Pool<ContactSlot>,
    pub need: Field,
    pub offer: Field,
    pub new_language: Field,
    pub language: Field,
    pub languages: State<Vec<String>>,
    pub open: State<bool>,
    pub country: Field,
    pub countries: State<Vec<String>>,
    pub level: Field,
    pub levels: State<Vec<String>>,
    pub engagement: Field,
    pub website: Field,
}

impl Fields {
    pub(super) fn new(form: Form, profile: &Profile) -> Fields {
        let described: Vec<(String, Field)> = Language::ALL
            .iter()
            .map(|language| language.tag().to_owned())
            .map(|tag| (tag.clone(), description(form, &tag)))
            .collect();
        let need = form.field("need", "/need_statements", "");
        let needs = statement_pool(form, "need", "/need_statements");
        let offer = form.field("offer", "/offer_statements", "");
        let offers = statement_pool(form, "offer", "/offer_statements");
        let language = form.field("staff-language", "/languages", "");
        let engagement = form.field("engagement", "/looking_for/engagement", "");
        let country = form.field("wanted-country", "/looking_for/countries", "");
        let level = form.field("wanted-level", "/looking_for/levels", "");
        let contacts = contact_pool(form);
        let website = form.field("website-address", "/website", "");
        let fields = Fields {
            form,
            owner: Kept::new(Owner::current()),
            tabs: State::new(described.iter().map(|(tag, _)| tag.clone()).collect()),
            tab: State::new(tab_id(crate::i18n::language_now().tag()).to_owned()),
            described: Kept::new(described),
            needs,
            offers,
            contacts,
            need,
            offer,
            new_language: Field::alone("description-language", ""),
            language,
            languages: State::new(Vec::new()),
            open: State::new(false),
            country,
            countries: State::new(Vec::new()),
            level,
            levels: State::new(Vec::new()),
            engagement,
            website,
        };
        fields.write(profile);
        fields
    }

    /// The field of a description; made when the language is new.
    pub(super) fn described(self, tag: &str) -> Field {
        if let Some(known) = self
            .described
            .with_value(|all| all.iter().find(|(known, _)| known == tag).map(|(_, field)| *field))
        {
            return known;
        }
        // A field made in an event handler must live as long as the editor.
        let field = match self.owner.get_value() {
            Some(owner) => owner.with(|| description(self.form, tag)),
            None => description(self.form, tag),
        };
        self.described.update_value(|all| all.push((tag.to_owned(), field)));
        field
    }

    /// Adds a language with a tab of its own, and shows it.
    pub(super) fn add_language(self, tag: &str) {
        self.described(tag);
        if !self.tabs.with_untracked(|tabs| tabs.iter().any(|known| known == tag)) {
            self.tabs.update(|tabs| tabs.push(tag.to_owned()));
        }
        self.tab.set(tab_id(tag).to_owned());
    }

    /// After a failure: the tab of the first description that is wrong.
    pub(super) fn show_wrong_language(self) {
        let wrong = self.described.with_value(|all| {
            all.iter()
                .find(|(_, field)| field.error.with_untracked(Option::is_some))
                .map(|(tag, _)| tag.clone())
        });
        if let Some(tag) = wrong {
            self.tab.set(tab_id(&tag).to_owned());
        }
    }

    /// As [`Self::read`], nothing where the editor is gone.
    pub(super) fn try_read(self) -> Option<Profile> {
        self.open.try_get_untracked().map(|_| self.read())
    }

    /// The profile as it stands in the form; tracked.
    pub(super) fn read(self) -> Profile {
        let text = |field: Field| field.text.get().trim().to_owned();
        let optional = |field: Field| Some(text(field)).filter(|text| !text.is_empty());
        self.tabs.track();
        let descriptions = self
            .described
            .get_value()
            .into_iter()
            .map(|(tag, field)| (tag, text(field)))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let statements = |pool: Pool<StatementSlot>| {
            pool.in_use()
                .into_iter()
                .filter_map(|slot| {
                    Some(Statement {
                        theme: slot.theme.get()?,
                        urgency: Urgency::from_code(&slot.urgency.text.get()).unwrap_or(Urgency::Medium),
                        sentence: text(slot.sentence),
                        place: optional(slot.place),
                    })
                })
                .collect()
        };
        let contacts = self
            .contacts
            .in_use()
            .into_iter()
            .map(|slot| Contact {
                name: text(slot.name),
                function: text(slot.function),
                email: text(slot.email),
                phone: optional(slot.phone),
                mandate_ends_on: shared::time::parse_day(&slot.until.text.get()),
                elected: slot.elected.get(),
            })
            .collect();
        Profile {
            descriptions,
            needs: statements(self.needs),
            offers: statements(self.offers),
            languages: self.languages.get(),
            open: self.open.get(),
            countries: self.countries.get(),
            levels: self
                .levels
                .get()
                .iter()
                .filter_map(|code| Level::from_code(code))
                .collect(),
            engagement: Engagement::from_code(&self.engagement.text.get()),
            website: text(self.website),
            contacts,
        }
    }

    /// Puts a profile into the form. What is typed and equal stays untouched, so that the caret does not jump.
    pub(super) fn write(self, profile: &Profile) {
        let put = |field: Field, text: &str| {
            if field.text.with_untracked(|known| known.trim() != text) {
                field.text.set(text.to_owned());
            }
        };
        for tag in profile.descriptions.keys() {
            self.described(tag);
            if !self.tabs.with_untracked(|tabs| tabs.contains(tag)) {
                self.tabs.update(|tabs| tabs.push(tag.clone()));
            }
        }
        for (tag, field) in self.described.get_value() {
            put(field, profile.descriptions.get(&tag).map_or("", String::as_str));
        }
        let statements = |pool: Pool<StatementSlot>, all: &[Statement]| {
            for (slot, statement) in pool.slots.get_value().into_iter().zip(all) {
                if slot.theme.get_untracked() != Some(statement.theme) {
                    slot.theme.set(Some(statement.theme));
                }
                put(slot.urgency, statement.urgency.code());
                put(slot.sentence, &statement.sentence);
                put(slot.place, statement.place.as_deref().unwrap_or_default());
            }
            pool.used.set(all.len());
        };
        statements(self.needs, &profile.needs);
        statements(self.offers, &profile.offers);
        for (slot, contact) in self.contacts.slots.get_value().into_iter().zip(&profile.contacts) {
            put(slot.name, &contact.name);
            put(slot.function, &contact.function);
            put(slot.email, &contact.email);
            put(slot.phone, contact.phone.as_deref().unwrap_or_default());
            put(
                slot.until,
                &contact.mandate_ends_on.map(|day| day.to_string()).unwrap_or_default(),
            );
            if slot.elected.get_untracked() != contact.elected {
                slot.elected.set(contact.elected);
            }
        }
        self.contacts.used.set(profile.contacts.len());
        self.languages.set(profile.languages.clone());
        self.open.set(profile.open);
        self.countries.set(profile.countries.clone());
        self.levels
            .set(profile.levels.iter().map(|level| level.code().to_owned()).collect());
        put(self.engagement, profile.engagement.map_or("", Engagement::code));
        put(self.website, &profile.website);
    }

    /// Adds a need or an offer and goes to its sentence.
    pub(super) fn add_statement(self, needs: bool, theme: Theme) {
        let pool = if needs { self.needs } else { self.offers };
        let at = pool.used.get_untracked();
        let Some(slot) = pool.slots.with_value(|slots| slots.get(at).copied()) else {
            return;
        };
        slot.theme.set(Some(theme));
        slot.urgency.text.set(Urgency::Medium.code().to_owned());
        slot.sentence.text.set(String::new());
        slot.place.text.set(String::new());
        pool.used.set(at + 1);
        browser::focus_soon(slot.sentence.id);
    }

    /// Takes a need or an offer away: those below move up.
    pub(super) fn remove_statement(self, needs: bool, at: usize) {
        let mut profile = untrack(|| self.read());
        let list = if needs { &mut profile.needs } else { &mut profile.offers };
        if at < list.len() {
            list.remove(at);
        }
        self.write(&profile);
        browser::focus(if needs { self.need.id } else { self.offer.id });
    }

    /// Adds an empty contact person.
    pub(super) fn add_contact(self) {
        let at = self.contacts.used.get_untracked();
        let Some(slot) = self.contacts.slots.with_value(|slots| slots.get(at).copied()) else {
            return;
        };
        for field in [slot.name, slot.function, slot.email, slot.phone, slot.until] {
            field.text.set(String::new());
            field.error.set(None);
        }
        slot.elected.set(false);
        self.contacts.used.set(at + 1);
        browser::focus_soon(slot.name.id);
    }

    /// Takes a contact person away.
    pub(super) fn remove_contact(self, at: usize) {
        let mut profile = untrack(|| self.read());
        if at < profile.contacts.len() {
            profile.contacts.remove(at);
        }
        self.write(&profile);
        browser::focus_soon("add-contact");
    }
}

fn description(form: Form, tag: &str) -> Field {
    form.field(
        lasting(format!("description-text-{tag}")),
        lasting(format!("/descriptions/{tag}")),
        "",
    )
}

fn statement_pool(form: Form, name: &str, pointer: &str) -> Pool<StatementSlot> {
    let field = |at: u64, part: &str| {
        form.field(
            lasting(format!("{name}-{at}-{part}")),
            lasting(format!("{pointer}/{at}/{part}")),
            "",
        )
    };
    Pool::new(
        (0..STATEMENTS_MAX)
            .map(|at| StatementSlot {
                theme: State::new(None),
                sentence: field(at, "sentence"),
                urgency: field(at, "urgency"),
                place: field(at, "place"),
            })
            .collect(),
    )
}

fn contact_pool(form: Form) -> Pool<ContactSlot> {
    let field = |at: u64, part: &str| {
        form.field(
            lasting(format!("contact-{at}-{part}")),
            lasting(format!("/items/{at}/{part}")),
            "",
        )
    };
    Pool::new(
        (0..CONTACTS_MAX)
            .map(|at| ContactSlot {
                name: field(at, "name"),
                function: field(at, "function"),
                email: field(at, "email"),
                phone: field(at, "phone"),
                until: field(at, "mandate_ends_on"),
                elected: State::new(false),
            })
            .collect(),
    )
}

/// Somebody else's value of a part, in words, so that one can choose.
pub(super) fn words_of(change: &Change, theirs: &Profile) -> String {
    let statements = |all: &[Statement]| {
        let lines: Vec<String> = all
            .iter()
            .map(|statement| {
                let theme = textf!("theme.", statement.theme.slug());
                if statement.sentence.is_empty() {
                    theme
                } else {
                    format!("{theme} – {}", statement.sentence)
                }
            })
            .collect();
        lines.join("; ")
    };
    let words = match change.part {
        "description" => change
            .language
            .as_ref()
            .and_then(|language| theirs.descriptions.get(language))
            .cloned()
            .unwrap_or_default(),
        "needs" => statements(&theirs.needs),
        "offers" => statements(&theirs.offers),
        "languages" => intl::list(
            &theirs
                .languages
                .iter()
                .map(|tag| intl::language_name(tag))
                .collect::<Vec<_>>(),
        ),
        "open" => {
            if theirs.open {
                text!("edit.yes")
            } else {
                text!("edit.no")
            }
        }
        "countries" => intl::list(
            &theirs
                .countries
                .iter()
                .map(|code| intl::country(code))
                .collect::<Vec<_>>(),
        ),
        "levels" => intl::list(
            &theirs
                .levels
                .iter()
                .map(|level| textf!("level.", level.code()))
                .collect::<Vec<_>>(),
        ),
        "engagement" => theirs
            .engagement
            .map(|item| textf!("engagement.", item.code()))
            .unwrap_or_default(),
        "website" => theirs.website.clone(),
        _ => theirs
            .contacts
            .iter()
            .map(|contact| contact.name.clone())
            .collect::<Vec<_>>()
            .join(", "),
    };
    if words.is_empty() { text!("edit.emptied") } else { words }
}
