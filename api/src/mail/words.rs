//! Filling in the words of a mail: a text in the reader's language, whose first line is the subject.

use minijinja::Environment;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use shared::ids::AccountId;
use shared::language::Language;

use super::Letter;
use crate::error::Error;

/// Stands in a letter's words where the address of the web app comes, which only who sends them knows.
pub const URL: &str = "{public_url}";

/// A text in each language.
pub type Texts = [(Language, &'static str); 3];

/// Subject and words of a text, filled in with these facts.
///
/// # Errors
/// Internal, where the text cannot be filled in.
pub fn fill(texts: &Texts, language: Language, facts: Value) -> Result<(String, String), Error> {
    let text = texts
        .iter()
        .find(|(of, _)| *of == language)
        .map_or(texts[0].1, |(_, text)| text);
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(Error::internal)?);
    let filled = environment.render_str(text, facts).map_err(Error::internal)?;
    let (subject, words) = filled.split_once('\n').unwrap_or((&filled, ""));
    Ok((subject.trim().to_owned(), words.trim_start().to_owned()))
}

/// The letter to this account: its text filled in with these facts.
///
/// # Errors
/// Internal, where the text cannot be filled in.
pub fn letter(account: AccountId, texts: &Texts, language: Language, facts: Value) -> Result<Letter, Error> {
    let (subject, text) = fill(texts, language, facts)?;
    Ok(Letter {
        account,
        subject,
        text,
        stoppable: true,
    })
}
