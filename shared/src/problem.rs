//! What goes wrong, in one table: RFC 9457 problems with stable codes.
//!
//! The API answers every failure with a [`Problem`]; the web app shows the sentence of its [`ProblemCode`] in the
//! reader's language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::language::Language;

macro_rules! problem_codes {
    ($($(#[$doc:meta])* $name:ident = $code:tt, $status:literal, $fr:literal, $en:literal, $uk:literal;)+) => {
        /// The stable code of a problem; documented at `/problems/{code}`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum ProblemCode {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code on the wire.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The HTTP status that it is answered with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),+ }
            }

            /// One sentence that says what is wrong.
            #[must_use]
            pub const fn title(self, language: Language) -> &'static str {
                match self { $(Self::$name => match language {
                    Language::Fr => $fr,
                    Language::En => $en,
                    Language::Uk => $uk,
                }),+ }
            }
        }
    };
}

problem_codes! {
    /// The body or the query could not be read at all.
    Malformed = "malformed", 400, "La requête est illisible.", "The request cannot be read.", "Запит неможливо прочитати.";
    /// A query parameter is unknown or out of bounds.
    QueryInvalid = "query_invalid", 400, "Un paramètre de l'adresse n'est pas valable.", "A query parameter is not valid.", "Параметр адреси недійсний.";
    /// The cursor was not made by this list.
    CursorInvalid = "cursor_invalid", 400, "Ce curseur ne vient pas de cette liste.", "This cursor does not come from this list.", "Цей курсор не належить до цього списку.";
    /// A header has a value that cannot be read.
    HeaderInvalid = "header_invalid", 400, "Un en-tête n'est pas valable.", "A header is not valid.", "Заголовок недійсний.";
    /// The OAuth client or grant is wrong.
    ClientInvalid = "invalid_client", 401, "Le programme n'est pas reconnu.", "The client is not recognised.", "Програму не розпізнано.";
    /// Nobody is signed in.
    Unauthenticated = "unauthenticated", 401, "Connectez-vous pour continuer.", "Sign in to continue.", "Увійдіть, щоб продовжити.";
    /// The e-mail address or the password is wrong; which one is not said.
    CredentialsInvalid = "credentials_invalid", 401, "L'adresse ou le mot de passe ne convient pas.", "The address or the password is wrong.", "Адреса або пароль неправильні.";
    /// The session is over.
    SessionExpired = "session_expired", 401, "Votre session a expiré.", "Your session has expired.", "Ваш сеанс завершився.";
    /// Signed in, but not allowed.
    Forbidden = "forbidden", 403, "Votre rôle ne permet pas cette action.", "Your role does not allow this.", "Ваша роль не дозволяє цю дію.";
    /// The CSRF header is missing or wrong.
    CsrfInvalid = "csrf_invalid", 403, "La demande ne vient pas de votre page\u{a0}; rechargez-la.", "The request does not come from your page; reload it.", "Запит надійшов не з вашої сторінки; перезавантажте її.";
    /// There is no such thing, or it is not yours to see.
    NotFound = "not_found", 404, "Cette page ou cet objet n'existe pas.", "There is no such thing.", "Такого об'єкта немає.";
    /// The resource knows other methods.
    MethodNotAllowed = "method_not_allowed", 405, "Cette méthode n'est pas possible ici.", "This method is not possible here.", "Цей метод тут неможливий.";
    /// The representation asked for does not exist.
    NotAcceptable = "not_acceptable", 406, "Ce format n'existe pas ici.", "This format does not exist here.", "Такого формату тут немає.";
    /// The state does not allow the action.
    StateConflict = "state_conflict", 409, "L'état actuel ne permet pas cette action.", "The present state does not allow this.", "Поточний стан не дозволяє цю дію.";
    /// There is one already.
    AlreadyExists = "already_exists", 409, "Cela existe déjà.", "It exists already.", "Це вже існує.";
    /// The same request is still being carried out.
    InProgress = "in_progress", 409, "La même demande est en cours.", "The same request is still being carried out.", "Такий самий запит ще виконується.";
    /// A pair that may not be matched: banned, or already partners.
    PairNotPossible = "pair_not_possible", 409, "Cette mise en relation n'est pas possible.", "These two cannot be matched.", "Цей підбір неможливий.";
    /// The exhibition is elsewhere on these days.
    BookingOverlap = "booking_overlap", 409, "L'exposition est déjà réservée pour une partie de ces jours.", "The exhibition is already booked on some of these days.", "Виставку вже заброньовано на частину цих днів.";
    /// The meeting's list holds ten lessons already; one has to be taken out first.
    LessonListFull = "lesson_list_full", 409, "La liste de la rencontre a déjà ses dix leçons\u{a0}: retirez-en une d'abord.", "The meeting's list has its ten lessons already: take one out first.", "У списку зустрічі вже десять уроків: спершу вилучіть один.";
    /// A renewal names at least one lesson, where the partnership or its authorities have some.
    RenewalNeedsLessons = "renewal_needs_lessons", 409, "Un renouvellement nomme au moins une leçon sur laquelle il s'appuie.", "A renewal names at least one lesson that it uses.", "Продовження називає принаймні один урок, на який воно спирається.";
    /// What is to go into the other one has work of its own; `errors` says what.
    MergeInUse = "merge_in_use", 409, "Cette fiche a sa propre activité\u{a0}: gardez celle-ci et fusionnez l'autre.", "This one has work of its own: keep it, and merge the other one.", "Цей запис має власну діяльність: збережіть його, а приєднайте інший.";
    /// A side has not judged each principle, or has not told what a score rests on; `errors` says where.
    AssessmentIncomplete = "assessment_incomplete", 409, "Chaque principe demande une note et ce qui la justifie.", "Each principle needs a score and what shows it.", "Для кожного принципу потрібні оцінка та її обґрунтування.";
    /// An assessment that is filed is not changed; as long as no other side has filed, it can be taken back.
    AssessmentFiled = "assessment_filed", 409, "Cette auto-évaluation est déposée\u{a0}: elle ne change plus. Tant qu'aucune autre partie n'a déposé la sienne, vous pouvez la reprendre.", "This self-assessment is filed and does not change any more. As long as no other side has filed, you can take it back.", "Цю самооцінку подано: вона більше не змінюється. Доки жодна інша сторона не подала свою, її можна забрати назад.";
    /// The call does not take applications now.
    CallNotOpen = "call_not_open", 409, "L'appel n'est pas ouvert aux dépôts.", "The call is not open for applications.", "Конкурс не приймає заявок.";
    /// The deadline, with its grace, is over.
    DeadlinePassed = "deadline_passed", 409, "La date limite est passée.", "The deadline has passed.", "Термін подання минув.";
    /// The file is not complete, or breaks a funding rule.
    Incomplete = "incomplete", 409, "Le dossier n'est pas complet.", "The application is not complete.", "Заявка неповна.";
    /// A party has not signed off what the file says now.
    SignOffMissing = "sign_off_missing", 409, "Il manque l'accord d'une partie.", "A party has not signed off.", "Бракує згоди однієї зі сторін.";
    /// A report on a grant of the city that leads is overdue, and the rules let it apply again only with it; `errors` says
    /// which one.
    ReportOverdue = "report_overdue", 409, "Un compte rendu de cette collectivité est en retard\u{a0}: elle ne peut pas déposer de nouveau dossier avant de l'avoir remis.", "A report of this authority is overdue: it cannot apply again before handing it in.", "Звіт цієї громади прострочено: вона не може подати нову заявку, доки його не здасть.";
    /// The reviewer may not judge this file; `errors` says why.
    ConflictOfInterest = "conflict_of_interest", 409, "Cette personne a un conflit d'intérêts avec ce dossier.", "This person has a conflict of interest with this file.", "Ця особа має конфлікт інтересів щодо цієї заявки.";
    /// More would be granted than the call's envelope holds; `errors` says by how much.
    EnvelopeExceeded = "envelope_exceeded", 409, "L'enveloppe de l'appel serait dépassée.", "The call's envelope would be exceeded.", "Бюджет конкурсу було б перевищено.";
    /// A contract was made on the decision: it is not taken back any more.
    DecisionBound = "decision_bound", 409, "Une convention est conclue sur cette décision\u{a0}: elle ne peut plus être rouverte.", "A contract was made on this decision: it cannot be reopened any more.", "На підставі цього рішення укладено договір: його вже не можна переглянути.";
    /// The correction was not handed in before its deadline: the file counts as it was handed in last.
    CorrectionOver = "correction_over", 409, "Le délai de correction est dépassé\u{a0}: le dossier vaut tel qu'il a été déposé.", "The deadline of the correction is over: the application counts as it was handed in.", "Строк виправлення минув: заявка діє в тому вигляді, у якому її подано.";
    /// The results of the call are not published: until then its decisions are the funder's alone.
    ResultsUnpublished = "results_unpublished", 409, "Les résultats de l'appel ne sont pas encore publiés.", "The results of the call are not published yet.", "Результати конкурсу ще не оприлюднено.";
    /// The cohort is closed: its day is over, or it was closed before.
    CohortClosed = "cohort_closed", 409, "La cohorte est close.", "The cohort is closed.", "Групу закрито.";
    /// The cohort holds as many cities as it may.
    CohortFull = "cohort_full", 409, "La cohorte a déjà toutes ses collectivités.", "The cohort has all its authorities already.", "Група вже має всіх можливих учасників.";
    /// The city is in the cohort already.
    AlreadyMember = "already_member", 409, "Cette collectivité est déjà dans la cohorte.", "This authority is in the cohort already.", "Ця громада вже входить до групи.";
    /// Letters of engagement were sent: the cohort is not deleted any more.
    LettersSent = "letters_sent", 409, "Des lettres d'engagement ont été envoyées\u{a0}: la cohorte ne peut plus être supprimée.", "Letters of engagement were sent: the cohort cannot be deleted any more.", "Листи-зобов'язання вже надіслано: групу більше не можна видалити.";
    /// The letter of engagement is signed: what it says, and the city's place in the cohort, do not change any more.
    LetterSigned = "letter_signed", 409, "La lettre d'engagement est signée\u{a0}: elle ne change plus.", "The letter of engagement is signed and does not change any more.", "Лист-зобов'язання підписано: він більше не змінюється.";
    /// The link of a mail was used before, or somebody else has answered since.
    LinkUsed = "link_used", 409, "Ce lien a déjà servi, ou quelqu'un d'autre a répondu entre-temps.", "This link was used before, or somebody else has answered meanwhile.", "Це посилання вже використано або хтось інший тим часом відповів.";
    /// The link of a mail is too old.
    LinkExpired = "link_expired", 409, "Ce lien n'est plus valable\u{a0}: connectez-vous pour répondre.", "This link is not valid any more: sign in to answer.", "Термін дії посилання минув: увійдіть, щоб відповісти.";
    /// The version in `If-Match` is not the current one.
    Stale = "stale", 412, "Quelqu'un a modifié ceci entre-temps.", "Somebody changed this in the meantime.", "Хтось тим часом це змінив.";
    /// The body is larger than allowed.
    TooLarge = "too_large", 413, "L'envoi est trop volumineux.", "The body is too large.", "Запит завеликий.";
    /// The body's type is not one that is read here.
    UnsupportedMediaType = "unsupported_media_type", 415, "Ce type de contenu n'est pas lu ici.", "This content type is not read here.", "Цей тип вмісту тут не читається.";
    /// The document is of a kind that is not kept, as its content shows; `errors` says more.
    AttachmentType = "attachment_type", 415, "Ce document n'est pas accepté\u{a0}: envoyez un PDF, une image PNG ou JPEG, ou un document Office ou OpenDocument sans macros.", "This document is not accepted: send a PDF, a PNG or JPEG image, or an Office or OpenDocument document without macros.", "Цей документ не приймається: надішліть PDF, зображення PNG чи JPEG або документ Office чи OpenDocument без макросів.";
    /// The document unfolds to more than is read; `errors` says how much.
    AttachmentBomb = "attachment_bomb", 422, "Une fois déplié, ce document est démesuré\u{a0}: il est refusé.", "Unfolded, this document is out of all measure: it is refused.", "У розгорнутому вигляді цей документ надмірний: його відхилено.";
    /// The antivirus refuses the document.
    AttachmentInfected = "attachment_infected", 422, "L'antivirus refuse ce document.", "The antivirus refuses this document.", "Антивірус відхиляє цей документ.";
    /// The file holds as many documents as it may.
    AttachmentsFull = "attachments_full", 409, "Ce dossier a déjà toutes ses pièces jointes\u{a0}: retirez-en une d'abord.", "This application has all its attachments already: remove one first.", "Заявка вже має всі можливі додатки: спершу вилучіть один.";
    /// Fields are not valid; `errors` says which.
    Invalid = "invalid", 422, "Des champs sont à corriger.", "Some fields need correcting.", "Деякі поля потребують виправлення.";
    /// The idempotency key was used for another request.
    IdempotencyMismatch = "idempotency_mismatch", 422, "Cette clé d'idempotence a servi à une autre demande.", "This idempotency key served another request.", "Цей ключ ідемпотентності вже використано для іншого запиту.";
    /// `If-Match` is missing.
    PreconditionRequired = "precondition_required", 428, "Indiquez la version modifiée (If-Match).", "Say which version you change (If-Match).", "Вкажіть версію, яку змінюєте (If-Match).";
    /// Too many requests.
    RateLimited = "rate_limited", 429, "Trop de demandes\u{a0}; réessayez dans un instant.", "Too many requests; try again in a moment.", "Забагато запитів; спробуйте за мить.";
    /// Our own fault.
    Internal = "internal", 500, "Une erreur est survenue de notre côté.", "Something went wrong on our side.", "Сталася помилка з нашого боку.";
    /// Not ready, or too busy.
    Busy = "busy", 503, "Le service est occupé\u{a0}; réessayez dans un instant.", "The service is busy; try again in a moment.", "Сервіс зайнятий; спробуйте за мить.";
}

macro_rules! field_codes {
    ($($(#[$doc:meta])* $name:ident = $code:tt;)+) => {
        /// What is wrong with one field; the web app has a sentence for each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum FieldCode {
            $($(#[$doc])* #[serde(rename = $code)] $name,)+
        }

        impl FieldCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code on the wire.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

field_codes! {
    /// Missing or empty.
    Required = "required";
    /// Not of the form that is read here.
    Format = "format";
    /// A field that is not known here.
    Unknown = "unknown";
    /// Shorter than `min` or longer than `max` characters, or fewer or more items.
    Length = "length";
    /// Below `min` or above `max`.
    Range = "range";
    /// Not in the list of codes.
    Choice = "choice";
    /// Stands twice.
    Duplicate = "duplicate";
    /// Points to something that does not exist.
    Reference = "reference";
    /// Does not fit another field.
    Inconsistent = "inconsistent";
    /// Begins while a former version holds: version `version`, until `until`.
    Overlap = "overlap";
    /// A funding rule is broken; `params` tells by how much.
    Rule = "rule";
    /// Has to stay as it is: others rely on it.
    Fixed = "fixed";
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body, or `?name` for a query parameter.
    #[cfg_attr(feature = "openapi", schema(example = "/needs/0/theme"))]
    pub pointer: String,
    /// What is wrong.
    pub code: FieldCode,
    /// Figures of the sentence, such as `max`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

impl FieldError {
    /// An error at `pointer` without figures.
    #[must_use]
    pub fn new(pointer: impl Into<String>, code: FieldCode) -> Self {
        Self {
            pointer: pointer.into(),
            code,
            params: BTreeMap::new(),
        }
    }

    /// Adds a figure.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

/// What is wrong with the `reason` that something has to have.
pub(crate) fn reason_fault(reason: &str, max: u64) -> Option<FieldError> {
    if reason.trim().is_empty() {
        Some(FieldError::new("/reason", FieldCode::Required))
    } else if reason.chars().count() as u64 > max {
        Some(FieldError::new("/reason", FieldCode::Length).with("max", max))
    } else {
        None
    }
}

/// An error answer (RFC 9457), as `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Where the code is documented.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "openapi", schema(example = "/problems/not_found"))]
    pub kind: String,
    /// The code's sentence in the language of `Accept-Language`.
    pub title: String,
    /// The HTTP status.
    #[cfg_attr(feature = "openapi", schema(example = 404))]
    pub status: u16,
    /// What is particular to this case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The path that was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The stable code.
    pub code: ProblemCode,
    /// The request, for support.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The fields that are wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_have_three_titles() {
        let mut codes: Vec<_> = ProblemCode::ALL.iter().map(|code| code.code()).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ProblemCode::ALL.len());
        for code in ProblemCode::ALL {
            assert!((400..600).contains(&code.status()));
            assert!(
                Language::ALL
                    .iter()
                    .all(|&language| code.title(language).ends_with('.'))
            );
            // No line is broken before a French mark.
            let french = code.title(Language::Fr);
            assert!(
                [" ;", " :", " !", " ?", "« ", " »"]
                    .iter()
                    .all(|plain| !french.contains(plain))
            );
        }
    }
}
