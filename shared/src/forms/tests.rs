use std::collections::BTreeMap;

use super::*;
use crate::problem::FieldCode;

fn texts(fr: &str) -> Texts {
    [("fr", fr), ("en", fr)]
        .map(|(tag, text)| (tag.to_owned(), text.to_owned()))
        .into()
}

fn question(key: &str, kind: QuestionKind) -> Question {
    let options = if kind.has_options() {
        ["a", "b", "c"]
            .map(|key| QuestionOption {
                key: key.into(),
                label: texts(key),
            })
            .into()
    } else {
        Vec::new()
    };
    Question {
        kind,
        options,
        section: Some("one".into()),
        ..Question::long_text(key.into(), texts(key), Texts::new(), false, 10)
    }
}

fn form(questions: Vec<Question>) -> CallForm {
    CallForm {
        sections: ["one", "two"]
            .map(|key| FormSection {
                key: key.into(),
                title: texts(key),
                about: Texts::new(),
            })
            .into(),
        questions,
    }
}

fn told(faults: Vec<crate::problem::FieldError>) -> Vec<(String, FieldCode)> {
    faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

#[test]
fn each_kind_of_answer_is_written_in_one_way() {
    use FieldCode::{Choice, Format, Length, Range};
    use QuestionKind as Kind;
    let bounded = |kind| Question {
        min: Some(2),
        max: Some(30),
        ..question("q", kind)
    };
    let few = Question {
        max: Some(2),
        ..question("q", Kind::SeveralChoices)
    };
    for (asked, answer, code) in [
        (question("q", Kind::ShortText), "one line", None),
        (question("q", Kind::ShortText), "two\nlines", Some(Format)),
        (question("q", Kind::LongText), "дві\nрядки", None),
        (question("q", Kind::LongText), "more than ten", Some(Length)),
        (bounded(Kind::Number), "30", None),
        (bounded(Kind::Number), "31", Some(Range)),
        (bounded(Kind::Number), "1", Some(Range)),
        (bounded(Kind::Number), "007", Some(Format)),
        (bounded(Kind::Number), "+7", Some(Format)),
        (bounded(Kind::Number), "7,5", Some(Format)),
        (question("q", Kind::Number), "-4", None),
        (question("q", Kind::Money), "-4", Some(Range)),
        (question("q", Kind::Money), "125000", None),
        (question("q", Kind::Date), "2026-02-28", None),
        (question("q", Kind::Date), "2026-02-30", Some(Format)),
        (question("q", Kind::Date), "2026-2-8", Some(Format)),
        (question("q", Kind::YesNo), "yes", None),
        (question("q", Kind::YesNo), "oui", Some(Choice)),
        (question("q", Kind::OneChoice), "b", None),
        (question("q", Kind::OneChoice), "a,b", Some(Choice)),
        (few.clone(), "a,c", None),
        (few.clone(), "c,a", Some(Format)),
        (few.clone(), "a,a", Some(Format)),
        (few.clone(), "a,,b", Some(Choice)),
        (few, "a,b,c", Some(Range)),
        (bounded(Kind::Number), " ", None),
    ] {
        let fault = asked.fault(answer, "/answers/q");
        assert_eq!(fault.map(|fault| fault.code), code, "{:?} {answer:?}", asked.kind);
    }
}

#[test]
fn a_question_is_asked_when_what_it_depends_on_is_asked_and_answered_so() {
    let mut second = question("second", QuestionKind::SeveralChoices);
    second.shown_when = Some(ShownWhen {
        question: "first".into(),
        answers: vec!["yes".into()],
    });
    let mut third = question("third", QuestionKind::LongText);
    third.shown_when = Some(ShownWhen {
        question: "second".into(),
        answers: vec!["b".into(), "c".into()],
    });
    let questions = [question("first", QuestionKind::YesNo), second, third];
    let keys = |answers: &[(&str, &str)]| -> Vec<String> {
        let answers: BTreeMap<String, String> = answers
            .iter()
            .map(|&(key, answer)| (key.to_owned(), answer.to_owned()))
            .collect();
        shown(&questions, &answers)
            .into_iter()
            .map(|asked| asked.key.clone())
            .collect()
    };
    assert_eq!(keys(&[]), ["first"]);
    assert_eq!(keys(&[("first", "yes")]), ["first", "second"]);
    assert_eq!(keys(&[("first", "yes"), ("second", "a")]), ["first", "second"]);
    assert_eq!(
        keys(&[("first", "yes"), ("second", "a,c")]),
        ["first", "second", "third"]
    );
    // An answer that is kept although its question is no longer asked leads to nothing.
    assert_eq!(keys(&[("first", "no"), ("second", "a,c")]), ["first"]);
}

#[test]
fn a_form_is_sound_or_says_where_it_is_not() {
    use QuestionKind as Kind;
    assert_eq!(
        told(form(Kind::ALL.iter().map(|kind| question(kind.code(), *kind)).collect()).faults()),
        []
    );

    let mut lonely = question("lonely", Kind::OneChoice);
    lonely.options.truncate(1);
    let mut late = question("late", Kind::LongText);
    late.section = Some("two".into());
    let mut early = question("early", Kind::Date);
    early.min = Some(1);
    early.shown_when = Some(ShownWhen {
        question: "late".into(),
        answers: vec!["yes".into()],
    });
    let mut turned = question("turned", Kind::Number);
    (turned.min, turned.max) = (Some(3), Some(2));
    turned.prefill = Some(Prefill::CityWebsite);
    turned.section = Some("two".into());
    let mut asked = question("asked", Kind::YesNo);
    asked.section = Some("two".into());
    let mut french = question("french", Kind::ShortText);
    french.label.remove("en");
    french.section = None;
    french.shown_when = Some(ShownWhen {
        question: "asked".into(),
        answers: vec!["maybe".into()],
    });
    assert_eq!(
        told(form(vec![lonely, late, early, turned, asked, french]).faults()),
        [
            ("/questions/0/options", FieldCode::Length),
            ("/questions/2/section", FieldCode::Inconsistent),
            ("/questions/2/min", FieldCode::Inconsistent),
            ("/questions/2/shown_when/question", FieldCode::Reference),
            ("/questions/3/max", FieldCode::Inconsistent),
            ("/questions/3/prefill", FieldCode::Inconsistent),
            ("/questions/5/section", FieldCode::Required),
            ("/questions/5/shown_when/answers/0", FieldCode::Choice),
            ("/questions/5/label/en", FieldCode::Required),
        ]
        .map(|(pointer, code)| (pointer.to_owned(), code))
    );
}

#[test]
fn an_open_form_may_ask_less_and_never_more() {
    let mut text = question("text", QuestionKind::LongText);
    text.required = true;
    let before = form(vec![text, question("choice", QuestionKind::OneChoice)]);
    assert_eq!(told(eased(&before, &before)), []);

    let mut less = before.clone();
    less.questions[0].required = false;
    less.questions[0].max_length = 20;
    less.questions[0].label.insert("uk".into(), "Текст".into());
    less.questions[0].hint = texts("A hint");
    less.questions[1].options.push(QuestionOption {
        key: "d".into(),
        label: texts("d"),
    });
    less.questions.push(question("new", QuestionKind::Date));
    assert_eq!(told(eased(&before, &less)), []);

    let mut more = before.clone();
    more.sections.pop();
    more.questions[0].label = texts("Something else");
    more.questions[0].max_length = 9;
    more.questions[1].required = true;
    more.questions[1].options.remove(0);
    more.questions.push(Question {
        required: true,
        ..question("new", QuestionKind::Number)
    });
    let fixed = |pointers: &[&str]| -> Vec<(String, FieldCode)> {
        pointers.iter().map(|&at| (at.to_owned(), FieldCode::Fixed)).collect()
    };
    assert_eq!(
        told(eased(&before, &more)),
        fixed(&[
            "/sections",
            "/questions/0/label/en",
            "/questions/0/label/fr",
            "/questions/0/max_length",
            "/questions/1/required",
            "/questions/1/options",
            "/questions/2/required",
        ])
    );
    let gone = form(vec![before.questions[0].clone()]);
    assert_eq!(told(eased(&before, &gone)), fixed(&["/questions"]));
}
