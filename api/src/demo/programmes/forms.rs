//! What the calls of the demonstration ask: the ministry's questions, plain in 2024 and in sections in 2025, and those of
//! INSPIRE, whose two ways in and four levels of engagement are its own.

use shared::forms::{CallForm, FormSection, Prefill, Question, QuestionKind, QuestionOption, ShownWhen, YES};
use shared::language::Texts;

use super::texts;

/// Words in French, English and Ukrainian.
type Words = [&'static str; 3];

fn words([fr, en, uk]: Words) -> Texts {
    texts(fr, en, uk)
}

fn text(key: &str, required: bool, max_length: u32, label: Words, hint: Option<Words>) -> Question {
    let hint = hint.map(words).unwrap_or_default();
    Question::long_text(key.to_owned(), words(label), hint, required, max_length)
}

fn asked(key: &str, kind: QuestionKind, required: bool, label: Words, hint: Option<Words>) -> Question {
    Question {
        kind,
        max_length: 300,
        ..text(key, required, 300, label, hint)
    }
}

fn choices(options: &[(&str, Words)]) -> Vec<QuestionOption> {
    let option = |&(key, label): &(&str, Words)| QuestionOption {
        key: key.to_owned(),
        label: words(label),
    };
    options.iter().map(option).collect()
}

fn when(question: &str, answers: &[&str]) -> Option<ShownWhen> {
    Some(ShownWhen {
        question: question.to_owned(),
        answers: answers.iter().map(|&answer| answer.to_owned()).collect(),
    })
}

/// A form whose sections are told with their questions.
fn form(parts: Vec<(&str, Words, Option<Words>, Vec<Question>)>) -> CallForm {
    let mut form = CallForm {
        sections: Vec::new(),
        questions: Vec::new(),
    };
    for (key, title, about, questions) in parts {
        form.sections.push(FormSection {
            key: key.to_owned(),
            title: words(title),
            about: about.map(words).unwrap_or_default(),
        });
        form.questions.extend(questions.into_iter().map(|question| Question {
            section: Some(key.to_owned()),
            ..question
        }));
    }
    form
}

fn context() -> Question {
    let label = [
        "Quel est le contexte de la coopération ?",
        "What is the context of the cooperation?",
        "Який контекст співпраці?",
    ];
    let hint = [
        "D'où vient le partenariat, et quels besoins vos partenaires ont-ils exprimés ?",
        "Where does the partnership come from, and which needs have your partners told?",
        "Звідки походить партнерство та які потреби висловили партнери?",
    ];
    text("context", true, 3_000, label, Some(hint))
}

fn objectives() -> Question {
    let label = [
        "Quels objectifs visez-vous ?",
        "What do you aim at?",
        "Якої мети ви прагнете?",
    ];
    let hint = [
        "Trois au plus, avec ce qui montrera qu'ils sont atteints.",
        "Three at most, with what will show that they are reached.",
        "Щонайбільше три, із тим, що покаже їх досягнення.",
    ];
    text("objectives", true, 3_000, label, Some(hint))
}

fn activities() -> Question {
    let label = [
        "Quelles activités, où, et quand ?",
        "Which activities, where and when?",
        "Які заходи, де і коли?",
    ];
    text("activities", true, 6_000, label, None)
}

fn governance() -> Question {
    let label = [
        "Qui décide et qui fait quoi, dans chaque collectivité ?",
        "Who decides and who does what, in each authority?",
        "Хто вирішує і хто що робить у кожній громаді?",
    ];
    text("governance", true, 3_000, label, None)
}

fn gender() -> Question {
    let label = [
        "Que change le projet pour l'égalité entre les femmes et les hommes ?",
        "What does the project change for equality between women and men?",
        "Що проєкт змінює для рівності жінок і чоловіків?",
    ];
    text("gender", false, 2_000, label, None)
}

fn afterwards() -> Question {
    let label = [
        "Que restera-t-il quand le financement sera fini ?",
        "What will remain when the funding has ended?",
        "Що залишиться після завершення фінансування?",
    ];
    text("afterwards", false, 2_000, label, None)
}

/// The questions of the ministry's calls before they were in sections.
pub(super) fn meae_2024() -> CallForm {
    CallForm {
        sections: Vec::new(),
        questions: vec![
            context(),
            objectives(),
            activities(),
            governance(),
            gender(),
            afterwards(),
        ],
    }
}

/// The questions of the ministry's call of 2025.
pub(super) fn meae_2025() -> CallForm {
    form(vec![
        (
            "cooperation",
            ["La coopération", "The cooperation", "Співпраця"],
            Some([
                "D'où vient le projet, et qui le porte avec vous.",
                "Where the project comes from, and who carries it with you.",
                "Звідки походить проєкт і хто реалізує його з вами.",
            ]),
            vec![context(), inhabitants(), actors(), later_phase(), former_phase()],
        ),
        (
            "project",
            ["Le projet", "The project", "Проєкт"],
            None,
            vec![objectives(), activities(), starts_on(), governance()],
        ),
        (
            "effects",
            [
                "Ce que le projet change",
                "What the project changes",
                "Що змінює проєкт",
            ],
            None,
            vec![gender(), afterwards()],
        ),
    ])
}

fn inhabitants() -> Question {
    let label = [
        "Combien d'habitants la collectivité chef de file compte-t-elle ?",
        "How many inhabitants does the lead authority have?",
        "Скільки мешканців у провідній громаді?",
    ];
    Question {
        min: Some(1),
        max: Some(20_000_000),
        prefill: Some(Prefill::CityPopulation),
        ..asked("inhabitants", QuestionKind::Number, false, label, None)
    }
}

fn actors() -> Question {
    let label = [
        "Quels acteurs du territoire le projet associe-t-il ?",
        "Which local actors does the project bring in?",
        "Яких місцевих учасників залучає проєкт?",
    ];
    let options = choices(&[
        ("associations", ["Associations", "Associations", "Об'єднання громадян"]),
        ("hospitals", ["Hôpitaux", "Hospitals", "Лікарні"]),
        ("universities", ["Universités", "Universities", "Університети"]),
        ("culture", ["Centres culturels", "Cultural centres", "Культурні центри"]),
        ("companies", ["Entreprises", "Companies", "Підприємства"]),
        ("water", ["Agences de l'eau", "Water agencies", "Водні агенції"]),
        ("diasporas", ["Diasporas", "Diasporas", "Діаспори"]),
    ]);
    Question {
        options,
        prefill: Some(Prefill::FormerFile),
        ..asked("actors", QuestionKind::SeveralChoices, false, label, None)
    }
}

fn later_phase() -> Question {
    let label = [
        "Le projet est-il la suite d'un projet déjà soutenu ?",
        "Does the project follow one that was supported before?",
        "Чи є проєкт продовженням уже підтриманого?",
    ];
    asked("later_phase", QuestionKind::YesNo, false, label, None)
}

fn former_phase() -> Question {
    let label = [
        "Qu'a donné la phase précédente ?",
        "What came of the phase before?",
        "Що дав попередній етап?",
    ];
    let hint = [
        "Ce qui a été atteint, ce qui ne l'a pas été, et ce que vous en avez appris.",
        "What was reached, what was not, and what you have learnt.",
        "Чого досягнуто, чого ні і чого ви навчилися.",
    ];
    Question {
        shown_when: when("later_phase", &[YES]),
        ..text("former_phase", true, 2_000, label, Some(hint))
    }
}

fn starts_on() -> Question {
    let label = [
        "Quand le projet commence-t-il ?",
        "When does the project begin?",
        "Коли починається проєкт?",
    ];
    asked("starts_on", QuestionKind::Date, false, label, None)
}

/// The questions of INSPIRE.
pub(super) fn inspire() -> CallForm {
    form(vec![
        (
            "engagement",
            ["Votre engagement", "Your commitment", "Ваша участь"],
            Some([
                "On entre dans le programme avec ou sans partenaire, et au niveau que permettent les moyens de la collectivité.",
                "One joins with or without a partner, and at the level that the authority can afford.",
                "До програми долучаються з партнером або без нього, на рівні, який дозволяють можливості громади.",
            ]),
            vec![stage(), partner(), wish(), levels(), visits()],
        ),
        (
            "action",
            ["Votre action", "Your action", "Ваша дія"],
            None,
            vec![peace(), deeds(), begun(), promised()],
        ),
    ])
}

fn stage() -> Question {
    let label = [
        "Amorcer ou renforcer : où en êtes-vous ?",
        "Start or strengthen: where do you stand?",
        "Започаткувати чи зміцнити: на якому ви етапі?",
    ];
    let options = choices(&[
        (
            "start",
            [
                "Amorcer un nouveau partenariat",
                "Start a new partnership",
                "Започаткувати нове партнерство",
            ],
        ),
        (
            "strengthen",
            [
                "Renforcer un partenariat existant",
                "Strengthen a partnership that exists",
                "Зміцнити наявне партнерство",
            ],
        ),
    ]);
    Question {
        options,
        ..asked("stage", QuestionKind::OneChoice, true, label, None)
    }
}

fn partner() -> Question {
    let label = [
        "Avec quelle collectivité, et depuis quand ?",
        "With which authority, and since when?",
        "З якою громадою і відколи?",
    ];
    Question {
        shown_when: when("stage", &["strengthen"]),
        ..asked("partner", QuestionKind::ShortText, true, label, None)
    }
}

fn wish() -> Question {
    let label = [
        "Quel partenaire cherchez-vous ?",
        "Which partner are you looking for?",
        "Якого партнера ви шукаєте?",
    ];
    Question {
        shown_when: when("stage", &["start"]),
        ..text("wish", false, 1_000, label, None)
    }
}

fn levels() -> Question {
    let label = [
        "À quels niveaux vous engagez-vous ?",
        "At which levels do you commit yourselves?",
        "На яких рівнях ви берете участь?",
    ];
    let options = choices(&[
        (
            "network",
            [
                "Intégrer un réseau de collectivités",
                "Join a network of authorities",
                "Приєднатися до мережі громад",
            ],
        ),
        (
            "delegations",
            [
                "Accueillir ou envoyer des délégations",
                "Receive or send delegations",
                "Приймати чи відряджати делегації",
            ],
        ),
        (
            "events",
            [
                "Organiser des événements socio-culturels, avec l'exposition itinérante",
                "Hold social and cultural events, with the travelling exhibition",
                "Проводити соціокультурні події з пересувною виставкою",
            ],
        ),
        (
            "support",
            [
                "Soutenir des partenaires européens",
                "Support European partners",
                "Підтримувати європейських партнерів",
            ],
        ),
    ]);
    Question {
        options,
        ..asked("levels", QuestionKind::SeveralChoices, true, label, None)
    }
}

fn visits() -> Question {
    let label = [
        "Combien de délégations prévoyez-vous ?",
        "How many delegations do you plan?",
        "Скільки делегацій ви плануєте?",
    ];
    Question {
        min: Some(1),
        max: Some(20),
        shown_when: when("levels", &["delegations"]),
        ..asked("visits", QuestionKind::Number, true, label, None)
    }
}

fn peace() -> Question {
    let label = [
        "En quoi l'action contribue-t-elle à la paix (ODD 16) ?",
        "How does the action serve peace (SDG 16)?",
        "Як дія сприяє миру (ЦСР 16)?",
    ];
    text("peace", true, 3_000, label, None)
}

fn deeds() -> Question {
    let label = [
        "Quelles actions, avec qui, et quand ?",
        "Which actions, with whom and when?",
        "Які дії, з ким і коли?",
    ];
    text("activities", true, 4_000, label, None)
}

fn begun() -> Question {
    let label = [
        "Avez-vous déjà engagé des moyens pour cette action ?",
        "Have you already spent on this action?",
        "Чи вже витрачали ви кошти на цю дію?",
    ];
    asked("begun", QuestionKind::YesNo, false, label, None)
}

fn promised() -> Question {
    let label = ["Combien ?", "How much?", "Скільки?"];
    Question {
        shown_when: when("begun", &[YES]),
        ..asked("spent", QuestionKind::Money, false, label, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_are_sound() {
        for form in [meae_2024(), meae_2025(), inspire()] {
            assert_eq!(form.faults(), []);
        }
    }
}
