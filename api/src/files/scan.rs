//! The antivirus: off, a program, or the daemon of ClamAV.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use shared::problem::{FieldCode, FieldError, ProblemCode};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;

use crate::error::Error;

/// Longest wait for its word.
const PATIENCE: Duration = Duration::from_secs(60);
/// Sent to the daemon at once.
const PIECE: usize = 64 * 1024;
/// Longest answer of the daemon.
const ANSWER_MAX: u64 = 4_096;

/// Who says whether a document is clean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanner {
    /// Nobody.
    Off,
    /// A program with its arguments; the document's path is added as the last one. It ends with 0 for a clean document and
    /// with 1 for another, as `clamdscan` does.
    Program(Vec<String>),
    /// The daemon of ClamAV: `host:port`, or the path of its socket.
    Clamd(String),
}

/// What it says.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Verdict {
    Clean,
    Infected,
}

impl Scanner {
    /// What is configured; a program and a daemon exclude each other.
    ///
    /// # Errors
    /// Where both are configured, or the program has no name.
    pub fn of(program: Option<&str>, clamd: Option<&str>) -> anyhow::Result<Self> {
        match (program, clamd) {
            (None, None) => Ok(Self::Off),
            (None, Some(address)) => Ok(Self::Clamd(address.to_owned())),
            (Some(program), None) => {
                let words: Vec<String> = program.split_whitespace().map(str::to_owned).collect();
                anyhow::ensure!(!words.is_empty(), "the antivirus program has no name");
                Ok(Self::Program(words))
            }
            (Some(_), Some(_)) => anyhow::bail!("either an antivirus program or clamd, not both"),
        }
    }

    /// Requires that it finds nothing in a file.
    ///
    /// # Errors
    /// `Unreadable` with `attachment_infected`; `Busy` where it does not answer: a document that nobody could look at is not
    /// taken.
    pub async fn require_clean(&self, file: &Path) -> Result<(), Error> {
        let asked = tokio::time::timeout(PATIENCE, self.ask(file)).await;
        match asked.unwrap_or_else(|_| Err(anyhow::anyhow!("no answer within {} s", PATIENCE.as_secs()))) {
            Ok(Verdict::Clean) => Ok(()),
            Ok(Verdict::Infected) => Err(Error::Unreadable {
                code: ProblemCode::AttachmentInfected,
                detail: "the antivirus found something in it".to_owned(),
                errors: vec![FieldError::new("", FieldCode::Choice).with("antivirus", true)],
            }),
            Err(error) => {
                tracing::error!(%error, "the antivirus does not answer: documents are refused");
                Err(Error::Busy)
            }
        }
    }

    async fn ask(&self, file: &Path) -> anyhow::Result<Verdict> {
        match self {
            Self::Off => Ok(Verdict::Clean),
            Self::Program(words) => ask_program(words, file).await,
            #[cfg(unix)]
            Self::Clamd(address) if address.contains('/') => {
                ask_daemon(tokio::net::UnixStream::connect(address).await?, file).await
            }
            Self::Clamd(address) => ask_daemon(TcpStream::connect(address).await?, file).await,
        }
    }
}

async fn ask_program(words: &[String], file: &Path) -> anyhow::Result<Verdict> {
    let (name, arguments) = words
        .split_first()
        .ok_or_else(|| anyhow::anyhow!("the antivirus program has no name"))?;
    let status = Command::new(name)
        .args(arguments)
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .status()
        .await?;
    match status.code() {
        Some(0) => Ok(Verdict::Clean),
        Some(1) => Ok(Verdict::Infected),
        _ => anyhow::bail!("{name} ended with {status}"),
    }
}

/// Sends the file by INSTREAM: pieces after their lengths, ended by a length of zero.
async fn ask_daemon(mut daemon: impl AsyncRead + AsyncWrite + Unpin, file: &Path) -> anyhow::Result<Verdict> {
    let mut file = tokio::fs::File::open(file).await?;
    daemon.write_all(b"zINSTREAM\0").await?;
    let mut piece = vec![0; PIECE];
    loop {
        let read = file.read(&mut piece).await?;
        daemon.write_u32(u32::try_from(read)?).await?;
        if read == 0 {
            break;
        }
        daemon.write_all(&piece[..read]).await?;
    }
    daemon.flush().await?;
    let mut answer = Vec::new();
    daemon.take(ANSWER_MAX).read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer);
    let answer = answer.trim_end_matches('\0').trim();
    if answer.ends_with(" FOUND") {
        Ok(Verdict::Infected)
    } else if answer.ends_with(": OK") {
        Ok(Verdict::Clean)
    } else {
        anyhow::bail!("clamd says {answer:?}")
    }
}
