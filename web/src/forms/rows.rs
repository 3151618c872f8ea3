//! The fields of the editor of a form, and the exact form that they mean.

use crate::applications::amount;
use crate::form::{Field, Form, lasting};
use crate::i18n;
use crate::ui::prelude::*;
use leptos::prelude::untrack;
use shared::forms::{
    CallForm, CallFormView, FormSection, Prefill, Question, QuestionKind, QuestionOption, SHORT_ANSWER_MAX, ShownWhen,
};
use shared::language::{Language, Texts};
use shared::problem::{FieldCode, FieldError};

/// Words in each language of the app; what was there in others is kept.
#[derive(Clone, Copy)]
pub(super) struct Words {
    fields: [Field; 3],
    /// What was there before, by language.
    pub(super) base: Kept<Texts>,
}

impl Words {
    fn new(form: Form, place: &str, base: Texts) -> Words {
        let fields = Language::ALL.map(|language| {
            let tag = language.tag();
            let text = base.get(tag).cloned().unwrap_or_default();
            let id = place.trim_start_matches('/').replace('/', "-");
            form.field(lasting(format!("{id}-{tag}")), lasting(format!("{place}/{tag}")), text)
        });
        Words {
            fields,
            base: Kept::new(base),
        }
    }

    /// The field of a language.
    pub(super) fn of(self, language: Language) -> Field {
        match language {
            Language::Fr => self.fields[0],
            Language::En => self.fields[1],
            Language::Uk => self.fields[2],
        }
    }

    /// The words; tracked.
    pub(super) fn read(self) -> Texts {
        let mut texts = self.base.get_value();
        for (language, field) in Language::ALL.into_iter().zip(self.fields) {
            let typed = field.text.with(|text| text.trim().to_owned());
            if typed.is_empty() {
                texts.remove(language.tag());
            } else {
                texts.insert(language.tag().to_owned(), typed);
            }
        }
        texts
    }

    /// The words for the reader; tracked.
    pub(super) fn told(self) -> String {
        i18n::own_text(&self.read())
    }
}

/// A choice in the editor.
#[derive(Clone, Copy)]
pub(super) struct OptionRow {
    pub(super) key: u32,
    pub(super) code: Kept<String>,
    pub(super) known: bool,
    pub(super) label: Words,
}

/// A question in the editor.
#[derive(Clone, Copy)]
pub(super) struct QuestionRow {
    pub(super) key: u32,
    /// Whether the server has it already.
    pub(super) known: bool,
    pub(super) code: Field,
    pub(super) kind: Field,
    pub(super) label: Words,
    pub(super) hint: Words,
    pub(super) required: State<bool>,
    pub(super) length: Field,
    pub(super) min: Field,
    pub(super) max: Field,
    pub(super) options: State<Vec<OptionRow>>,
    /// The field of the choices: its error.
    pub(super) choices: Field,
    /// The row on whose answer it depends; blank where it always stands.
    pub(super) leader: Field,
    /// The answers with which it is asked.
    pub(super) answers: State<Vec<String>>,
    pub(super) prefill: Field,
    /// Whether its fields are seen.
    pub(super) open: State<bool>,
}

impl QuestionRow {
    /// Its kind; tracked.
    pub(super) fn kind_now(self) -> QuestionKind {
        self.kind
            .text
            .with(|code| QuestionKind::from_code(code))
            .unwrap_or(QuestionKind::LongText)
    }
}

/// A section in the editor.
#[derive(Clone, Copy)]
pub(super) struct SectionRow {
    pub(super) key: u32,
    pub(super) known: bool,
    pub(super) code: Kept<String>,
    pub(super) title: Words,
    pub(super) about: Words,
    pub(super) questions: State<Vec<QuestionRow>>,
}

/// The whole form. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Sheet {
    pub(super) form: Form,
    pub(super) sections: State<Vec<SectionRow>>,
    pub(super) currency: Kept<String>,
    next: Kept<u32>,
}

impl Sheet {
    pub(super) fn new(view: &CallFormView) -> Sheet {
        let sheet = Sheet {
            form: Form::new(format!("call-form:{}", view.call_id)),
            sections: State::new(Vec::new()),
            currency: Kept::new(view.currency.clone()),
            next: Kept::new(0),
        };
        let mut sections: Vec<SectionRow> = view
            .sections
            .iter()
            .map(|section| sheet.section(Some(section)))
            .collect();
        if sections.is_empty() {
            sections.push(sheet.section(None));
        }
        let mut placed: Vec<(String, QuestionRow)> = Vec::new();
        for question in &view.questions {
            let row = sheet.question(Some(question));
            if let Some(when) = &question.shown_when {
                let leader = placed.iter().find(|(code, _)| *code == when.question);
                if let Some((_, leader)) = leader {
                    row.leader.text.set(leader.key.to_string());
                }
                row.answers.set(when.answers.clone());
            }
            placed.push((question.key.clone(), row));
            let at = view
                .sections
                .iter()
                .position(|section| Some(&section.key) == question.section.as_ref());
            sections[at.unwrap_or(0)].questions.update(|rows| rows.push(row));
        }
        sheet.sections.set(sections);
        sheet
    }

    fn number(self) -> u32 {
        self.next.update_value(|next| *next += 1);
        self.next.get_value()
    }

    /// A row of a section, new where none is given.
    pub(super) fn section(self, known: Option<&FormSection>) -> SectionRow {
        let key = self.number();
        let place = |field: &str| format!("/section/{key}/{field}");
        SectionRow {
            key,
            known: known.is_some(),
            code: Kept::new(known.map_or_else(|| fresh("part", key), |section| section.key.clone())),
            title: Words::new(
                self.form,
                &place("title"),
                known.map(|it| it.title.clone()).unwrap_or_default(),
            ),
            about: Words::new(
                self.form,
                &place("about"),
                known.map(|it| it.about.clone()).unwrap_or_default(),
            ),
            questions: State::new(Vec::new()),
        }
    }

    /// A row of a question, new and open where none is given.
    pub(super) fn question(self, known: Option<&Question>) -> QuestionRow {
        let key = self.number();
        let exponent = self.exponent();
        let place = |field: &str| format!("/row/{key}/{field}");
        let field = |name: &str, text: String| {
            self.form
                .field(lasting(format!("row-{key}-{name}")), lasting(place(name)), text)
        };
        let bound = |look: fn(&Question) -> Option<i64>| {
            let told = known.and_then(|question| Some((question.kind, look(question)?)));
            told.map(|(kind, bound)| match kind {
                QuestionKind::Money => amount::write(bound, exponent, i18n::language_now()),
                _ => bound.to_string(),
            })
            .unwrap_or_default()
        };
        let options = known.map(|question| question.options.as_slice()).unwrap_or_default();
        let options = options.iter().map(|option| self.option(key, Some(option))).collect();
        QuestionRow {
            key,
            known: known.is_some(),
            code: field("key", known.map_or_else(|| fresh("question", key), |it| it.key.clone())),
            kind: field(
                "kind",
                known.map_or(QuestionKind::LongText, |it| it.kind).code().to_owned(),
            ),
            label: Words::new(
                self.form,
                &place("label"),
                known.map(|it| it.label.clone()).unwrap_or_default(),
            ),
            hint: Words::new(
                self.form,
                &place("hint"),
                known.map(|it| it.hint.clone()).unwrap_or_default(),
            ),
            required: State::new(known.is_some_and(|it| it.required)),
            length: field("max_length", known.map_or(2_000, |it| it.max_length).to_string()),
            min: field("min", bound(|it| it.min)),
            max: field("max", bound(|it| it.max)),
            options: State::new(options),
            choices: field("options", String::new()),
            leader: field("shown_when", String::new()),
            answers: State::new(Vec::new()),
            prefill: field(
                "prefill",
                known
                    .and_then(|it| it.prefill)
                    .map(|prefill| prefill.code().to_owned())
                    .unwrap_or_default(),
            ),
            open: State::new(known.is_none()),
        }
    }

    /// A row of a choice, new where none is given.
    pub(super) fn option(self, question: u32, known: Option<&QuestionOption>) -> OptionRow {
        let key = self.number();
        OptionRow {
            key,
            known: known.is_some(),
            code: Kept::new(known.map_or_else(|| fresh("choice", key), |option| option.key.clone())),
            label: Words::new(
                self.form,
                &format!("/row/{question}/options/{key}/label"),
                known.map(|option| option.label.clone()).unwrap_or_default(),
            ),
        }
    }

    pub(super) fn exponent(self) -> u32 {
        self.currency.with_value(|currency| shared::money::exponent(currency))
    }

    /// All questions in their order; tracked.
    pub(super) fn rows(self) -> Vec<QuestionRow> {
        let sections = self.sections.get().into_iter();
        sections.flat_map(|section| section.questions.get()).collect()
    }

    /// The questions before this one on whose answer it could depend; tracked.
    pub(super) fn leaders(self, row: u32) -> Vec<QuestionRow> {
        let before = self.rows().into_iter().take_while(|other| other.key != row);
        before.filter(|other| other.kind_now().can_lead()).collect()
    }

    /// The form that the fields mean, with what cannot be read; tracked.
    pub(super) fn read(self) -> (CallForm, Vec<FieldError>) {
        let mut wrong = Vec::new();
        let rows = self.rows();
        let mut form = CallForm {
            sections: Vec::new(),
            questions: Vec::new(),
        };
        for section in self.sections.get() {
            let code = section.code.get_value();
            for row in section.questions.get() {
                form.questions.push(self.read_question(row, &code, &rows, &mut wrong));
            }
            form.sections.push(FormSection {
                key: code,
                title: section.title.read(),
                about: section.about.read(),
            });
        }
        (form, wrong)
    }

    fn read_question(
        self,
        row: QuestionRow,
        section: &str,
        rows: &[QuestionRow],
        wrong: &mut Vec<FieldError>,
    ) -> Question {
        let kind = row.kind_now();
        let exponent = self.exponent();
        let mut bound = |field: Field| {
            let text = field.text.with(|text| text.trim().to_owned());
            if text.is_empty() || !kind.has_bounds() {
                return None;
            }
            let read = match kind {
                QuestionKind::Money => amount::parse(&text, exponent),
                _ => text.parse().ok(),
            };
            if read.is_none() {
                wrong.push(FieldError::new(field.pointer, FieldCode::Format));
            }
            read
        };
        let (min, max) = (bound(row.min), bound(row.max));
        let length: Option<u32> = row.length.text.with(|text| text.trim().parse().ok());
        if length.is_none() && kind.has_length() {
            wrong.push(FieldError::new(row.length.pointer, FieldCode::Format));
        }
        let length = length.unwrap_or(2_000);
        let options = row.options.get().into_iter().map(|option| QuestionOption {
            key: option.code.get_value(),
            label: option.label.read(),
        });
        let options: Vec<QuestionOption> = options.collect();
        let leader = row.leader.text.get();
        let shown_when = rows
            .iter()
            .find(|other| other.key.to_string() == leader)
            .map(|other| ShownWhen {
                question: other.code.text.with(|code| code.trim().to_owned()),
                answers: row.answers.get(),
            });
        Question {
            key: row.code.text.with(|code| code.trim().to_owned()),
            section: Some(section.to_owned()),
            kind,
            label: row.label.read(),
            hint: row.hint.read(),
            required: row.required.get(),
            // A length that the kind does not have is not asked for.
            max_length: if kind.has_length() {
                length
            } else {
                length.clamp(1, SHORT_ANSWER_MAX)
            },
            min,
            max,
            options: if kind.has_options() { options } else { Vec::new() },
            shown_when,
            prefill: row.prefill.text.with(|code| Prefill::from_code(code)),
        }
    }

    /// A fault of the form, told at the field of its row.
    pub(super) fn placed(self, mut fault: FieldError) -> FieldError {
        let mut parts = fault.pointer.splitn(4, '/').skip(1);
        let (kind, at, rest) = (parts.next(), parts.next(), parts.next().unwrap_or("label"));
        let at = at.and_then(|at| at.parse::<usize>().ok());
        let placed = match (kind, at) {
            (Some("sections"), Some(at)) => self.sections.with_untracked(|sections| {
                sections
                    .get(at)
                    .map(|section| format!("/section/{}/{rest}", section.key))
            }),
            (Some("questions"), Some(at)) => untrack(|| self.rows().get(at).copied()).map(|row| {
                let mut rest = rest.to_owned();
                if let Some(option) = rest.strip_prefix("options/") {
                    let (place, field) = option.split_once('/').unwrap_or((option, "label"));
                    let key = place.parse::<usize>().ok().and_then(|place| {
                        row.options
                            .with_untracked(|options| options.get(place).map(|option| option.key))
                    });
                    rest = key.map_or_else(|| "options".to_owned(), |key| format!("options/{key}/{field}"));
                }
                format!("/row/{}/{rest}", row.key)
            }),
            _ => None,
        };
        if let Some(placed) = placed {
            fault.pointer = placed;
        }
        fault
    }
}

/// A key for what is new: it says nothing, and nothing else has it.
fn fresh(what: &str, number: u32) -> String {
    let now = crate::browser::now_ms() as u64 % 1_000_000_000;
    format!("{what}_{now}_{number}")
}
