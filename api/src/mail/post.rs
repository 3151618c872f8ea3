//! Sending: takes a letter out of the outbox and gives it to the mail server.

use std::time::Duration;

use chrono::TimeDelta;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, header};
use lettre::transport::smtp::Error as SmtpError;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use uuid::Uuid;

use super::store::{self, Posted};
use super::words;
use crate::accounts::store as accounts;
use crate::caller::Caller;
use crate::config::MailArgs;
use crate::error::Error;
use crate::platform::Platform;

/// How often a process looks for letters.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long the server may take.
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long a letter is one process's own: longer than the server may take.
const HOLD: TimeDelta = TimeDelta::minutes(5);
/// Attempts after which a letter is given up: about three days after the first.
const ATTEMPTS_MAX: i32 = 18;
/// The longest wait between two attempts.
const WAIT_MAX_MINUTES: i64 = 360;

/// The way to the mail server.
#[derive(Debug, Clone)]
pub struct Post {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Where readers find the web app, without a slash at the end.
    public_url: String,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Sent,
    /// Never to be sent, and why.
    Refused(String),
    /// To be tried again, and why.
    Later(String),
}

impl Post {
    /// The way that the configuration names; none without a server.
    ///
    /// # Errors
    /// Where the server's URL or the sender cannot be read.
    pub fn of(args: &MailArgs) -> anyhow::Result<Option<Self>> {
        let Some(url) = args.smtp_url.as_deref().filter(|url| !url.is_empty()) else {
            return Ok(None);
        };
        // The URL has a password: it is not repeated.
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|_| anyhow::anyhow!("SMTP_URL cannot be read: smtp://host:port or smtps://user:password@host"))?;
        let from = args
            .mail_from
            .parse()
            .map_err(|error| anyhow::anyhow!("MAIL_FROM is no address: {error}"))?;
        Ok(Some(Self {
            transport: transport.timeout(Some(TIMEOUT)).build(),
            from,
            public_url: args.public_url.trim_end_matches('/').to_owned(),
        }))
    }

    async fn send(&self, platform: &Platform, posted: &Posted) -> Result<Outcome, Error> {
        let account = accounts::account(platform.db.read(), posted.letter.account).await?;
        let Some(account) = account.filter(|account| account.active) else {
            return Ok(Outcome::Refused("the account is gone".to_owned()));
        };
        let proof = platform.tokens.to_stop_mails(account.id)?;
        let message = match self.message(&account.name, &account.email, posted, &proof) {
            Ok(message) => message,
            Err(error) => return Ok(Outcome::Refused(error.to_string())),
        };
        Ok(match self.transport.send(message).await {
            Ok(_) => Outcome::Sent,
            Err(error) if error.is_permanent() => Outcome::Refused(reason(&error)),
            Err(error) => Outcome::Later(reason(&error)),
        })
    }

    /// The letter as it travels; `proof` lets its reader's mail program stop letters that come again and again with one click
    /// (RFC 8058).
    fn message(&self, name: &str, email: &str, posted: &Posted, proof: &str) -> anyhow::Result<Message> {
        let host = self.from.email.domain();
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(name.to_owned()), email.parse()?))
            .subject(posted.letter.subject.clone())
            .message_id(Some(format!("<{}@{host}>", posted.id)))
            .header(header::ContentType::TEXT_PLAIN)
            .body(posted.letter.text.replace(words::URL, &self.public_url))?;
        if !posted.letter.stoppable {
            return Ok(message);
        }
        let stop = format!("<{}/api/v1/digest/stop?token={proof}>", self.public_url);
        for (name, words) in [
            ("List-Unsubscribe", stop.as_str()),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ] {
            let name = HeaderName::new_from_ascii(name.to_owned())?;
            message
                .headers_mut()
                .insert_raw(HeaderValue::new(name, words.to_owned()));
        }
        Ok(message)
    }
}

/// The server's code, or what kind of failure it was: its words may repeat an address.
fn reason(error: &SmtpError) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None if error.is_timeout() => "the mail server took too long".to_owned(),
        None => "the mail server was not reached".to_owned(),
    }
}

/// Sends whatever there is. Never ends.
pub async fn run(platform: Platform, post: Post) {
    loop {
        match send_one(&platform, &post).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "letters could not be taken; the next look comes"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Tries to send one letter; false where there is none.
///
/// # Errors
/// Those of the database. What the mail server says is kept with the letter.
pub async fn send_one(platform: &Platform, post: &Post) -> Result<bool, Error> {
    let now = platform.clock.now();
    // Looking costs no writer anything.
    if !store::has_due(platform.db.read(), now).await? {
        return Ok(false);
    }
    let caller = Caller::system(now);
    let taken = platform
        .db
        .write(&caller, async |tx| store::take(tx, tx.now() + HOLD).await)
        .await?;
    let Some(posted) = taken else {
        return Ok(false);
    };
    let outcome = post.send(platform, &posted).await?;
    let caller = Caller::system(platform.clock.now());
    platform
        .db
        .write(&caller, async |tx| match &outcome {
            Outcome::Sent => store::end(tx, posted.id, None).await,
            Outcome::Later(reason) if posted.attempts < ATTEMPTS_MAX => {
                store::try_again(tx, posted.id, tx.now() + wait(posted.attempts), reason).await
            }
            Outcome::Refused(reason) | Outcome::Later(reason) => store::end(tx, posted.id, Some(reason)).await,
        })
        .await?;
    tell(posted.id, &outcome);
    Ok(true)
}

fn tell(letter: Uuid, outcome: &Outcome) {
    match outcome {
        Outcome::Sent => tracing::info!(%letter, "sent"),
        Outcome::Later(reason) => tracing::warn!(%letter, reason, "not sent yet"),
        Outcome::Refused(reason) => tracing::error!(%letter, reason, "given up"),
    }
}

/// One minute, two, four, and so on.
fn wait(attempts: i32) -> TimeDelta {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(20);
    TimeDelta::minutes((1_i64 << doublings).min(WAIT_MAX_MINUTES))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(url: Option<&str>, from: &str) -> MailArgs {
        MailArgs {
            smtp_url: url.map(str::to_owned),
            mail_from: from.to_owned(),
            public_url: "http://localhost:8080".to_owned(),
        }
    }

    #[test]
    fn without_a_server_there_is_no_post() {
        assert!(Post::of(&args(None, "x@y.example")).unwrap().is_none());
        assert!(Post::of(&args(Some(""), "x@y.example")).unwrap().is_none());
    }

    #[test]
    fn what_cannot_be_read_is_told_without_the_password() {
        let error = Post::of(&args(Some("gopher://me:secret@host"), "x@y.example")).unwrap_err();
        assert!(error.to_string().contains("SMTP_URL") && !error.to_string().contains("secret"));
        let error = Post::of(&args(Some("smtp://host:25"), "nobody")).unwrap_err();
        assert!(error.to_string().contains("MAIL_FROM"), "{error}");
    }

    #[test]
    fn waits_double_up_to_six_hours_and_end_after_three_days() {
        assert_eq!([1, 2, 3, 12].map(|at| wait(at).num_minutes()), [1, 2, 4, 360]);
        let all: i64 = (1..ATTEMPTS_MAX).map(|at| wait(at).num_hours()).sum();
        assert!((48..96).contains(&all), "{all} hours");
    }
}
