//! Configuration: flags and environment variables, read here and nowhere else. The README has the same table.

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::files::{Files, Scanner};

/// The command line of the server.
#[derive(Debug, Parser)]
#[command(name = "api", version, about = "The Passerelle server")]
pub struct Cli {
    /// Where the data is.
    #[command(flatten)]
    pub data: DataArgs,
    /// Where documents are.
    #[command(flatten)]
    pub files: FilesArgs,
    /// What to log: a `tracing` filter.
    #[arg(long, env = "LOG", default_value = "info", global = true)]
    pub log: String,
    /// Log JSON lines instead of plain text.
    #[arg(long, env = "LOG_JSON", global = true)]
    pub log_json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct DataArgs {
    /// `sqlite://path` or `postgres://…`; without it, `passerelle.sqlite` in the data folder.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<String>,
    /// The folder for the embedded database, and for an index that makes a start quicker.
    #[arg(long, env = "DATA_DIR", default_value = "data", global = true)]
    pub data_dir: PathBuf,
}

impl DataArgs {
    /// The database's URL.
    #[must_use]
    pub fn url(&self) -> String {
        self.database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}", self.data_dir.join("passerelle.sqlite").display()))
    }
}

/// Where documents are, and who looks into them first.
#[derive(Debug, Clone, Args)]
pub struct FilesArgs {
    /// `file:///folder` or `s3://bucket/prefix`; without it, the folder `files` in the data folder. For S3 the variables
    /// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_REGION` and `AWS_ENDPOINT` are read.
    #[arg(long, env = "FILES_URL", global = true)]
    pub files_url: Option<String>,
    /// A program that looks for viruses: the document's path is its last argument; it ends with 0 for a clean document and
    /// with 1 for another.
    #[arg(long, env = "ANTIVIRUS", global = true)]
    pub antivirus: Option<String>,
    /// The daemon of ClamAV: `host:port`, or the path of its socket.
    #[arg(long, env = "CLAMD", global = true)]
    pub clamd: Option<String>,
}

impl FilesArgs {
    /// Opens the store.
    ///
    /// # Errors
    /// Where it is not configured rightly, or a folder cannot be made.
    pub fn open(&self, data_dir: &Path) -> anyhow::Result<Files> {
        let scanner = Scanner::of(self.antivirus.as_deref(), self.clamd.as_deref())?;
        match &self.files_url {
            None => Files::in_folder(&data_dir.join("files"), scanner),
            Some(url) => {
                let options = std::env::vars().filter(|(name, _)| name.starts_with("AWS_"));
                Files::open(url, options.collect(), scanner)
            }
        }
    }
}

/// What the server can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer requests.
    Serve(ServeArgs),
    /// Bring the database's schema up to date.
    Migrate,
    /// Load the bundled directory and the demonstration into the database, where they are missing.
    Demo,
    /// Fill the directory from files that operators have, and tell what came of each row.
    Import(ImportArgs),
    /// Make accounts and set passwords.
    Admin(AdminArgs),
    /// Learn from existing twinnings who fits whom, and write the table that suggestions are judged by.
    Learn(LearnArgs),
}

/// What to learn from.
#[derive(Debug, Clone, Args)]
pub struct LearnArgs {
    /// Twinned cities, as for `api import cities`.
    pub cities: PathBuf,
    /// Twinnings between them, as for `api import pairs`.
    pub links: PathBuf,
    /// Where the twinnings come from and under which licence: told in the table.
    #[arg(long)]
    pub source: String,
    /// The table to write.
    #[arg(long, default_value = "api/data/history.json")]
    pub out: PathBuf,
}

/// What to do with accounts.
#[derive(Debug, Clone, Args)]
pub struct AdminArgs {
    /// The command.
    #[command(subcommand)]
    pub command: AdminCommand,
}

/// The commands for accounts.
#[derive(Debug, Clone, Subcommand)]
pub enum AdminCommand {
    /// Make an account with one role; its password is made and told once, unless it is read from standard input.
    CreateAccount(CreateAccountArgs),
    /// Let a program in that acts for one role; its id and its secret for `/oauth/token` are told once.
    CreateClient(CreateClientArgs),
    /// Set a new password and end all sessions of the account.
    ResetPassword(ResetPasswordArgs),
}

/// One role, and for whom.
#[derive(Debug, Clone, Args)]
pub struct GrantArgs {
    /// `city_staff`, `network_coordinator`, `programme_officer`, `reviewer` or `admin`.
    #[arg(long)]
    pub role: String,
    /// For which city (id, or code such as `fr:insee:38185`), network or programme (id or name);
    /// none for `admin`.
    #[arg(long)]
    pub scope: Option<String>,
}

/// The account to make.
#[derive(Debug, Clone, Args)]
pub struct CreateAccountArgs {
    /// The e-mail address.
    #[arg(long)]
    pub email: String,
    /// The person's name.
    #[arg(long)]
    pub name: String,
    /// What it may do.
    #[command(flatten)]
    pub grant: GrantArgs,
    /// The person's language: `fr`, `en` or `uk`.
    #[arg(long, default_value = "fr")]
    pub language: String,
    /// Read the password from standard input: one line.
    #[arg(long)]
    pub password_stdin: bool,
}

/// The program to let in.
#[derive(Debug, Clone, Args)]
pub struct CreateClientArgs {
    /// The program's name.
    #[arg(long)]
    pub name: String,
    /// What it may do.
    #[command(flatten)]
    pub grant: GrantArgs,
    /// It only reads.
    #[arg(long)]
    pub read_only: bool,
}

/// Whose password to set.
#[derive(Debug, Clone, Args)]
pub struct ResetPasswordArgs {
    /// The e-mail address.
    #[arg(long)]
    pub email: String,
    /// Read the password from standard input: one line.
    #[arg(long)]
    pub password_stdin: bool,
}

/// What to import.
#[derive(Debug, Clone, Args)]
pub struct ImportArgs {
    /// The kind of the files.
    #[arg(value_enum)]
    pub kind: ImportKind,
    /// The files, in the order in which they are read; `-` is standard input. None for `bundled`.
    pub files: Vec<PathBuf>,
}

/// The kinds of files that fill the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportKind {
    /// The tables inside the binary: places of the world, French authorities.
    Bundled,
    /// GeoNames: `cities500.txt`, and after it `alternateNamesV2.txt` if wanted.
    Geonames,
    /// French communes: INSEE's list, or one with populations and SIREN.
    Insee,
    /// The Ukrainian register of territorial units.
    Katottg,
    /// Twinned cities with an id of the file's own.
    Cities,
    /// Twinnings between them, or the answer of a Wikidata query.
    Pairs,
}

/// How to answer requests.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// The port.
    #[arg(long, env = "PORT", default_value_t = 8080)]
    pub port: u16,
    /// The address to listen on.
    #[arg(long, env = "BIND", default_value = "127.0.0.1")]
    pub bind: IpAddr,
    /// The folder of the built web app; without it, `web/dist` below the current folder, if there is one.
    #[arg(long, env = "WEB_DIR")]
    pub web_dir: Option<PathBuf>,
    /// Requests that one address may make in a minute; 0 for any number.
    #[arg(long, env = "RATE_LIMIT_PER_MINUTE", default_value_t = 600_000)]
    pub rate_limit_per_minute: u32,
    /// A proxy stands in front and tells in `X-Forwarded-For` whom it speaks for: limits go by that address.
    #[arg(long, env = "BEHIND_PROXY")]
    pub behind_proxy: bool,
    /// How mails are sent.
    #[command(flatten)]
    pub mail: MailArgs,
    /// Threads that answer requests; 0 for one a core.
    #[arg(long, env = "WORKERS", default_value_t = 0)]
    pub workers: usize,
}

/// How mails are sent.
#[derive(Debug, Clone, Args)]
pub struct MailArgs {
    /// The server that takes mails: `smtp://host:25`, `smtp://user:password@host:587?tls=required` (STARTTLS) or
    /// `smtps://user:password@host`. Without it no mail is written.
    #[arg(long, env = "SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Who they are from.
    #[arg(long, env = "MAIL_FROM", default_value = "Passerelle <passerelle@localhost>")]
    pub mail_from: String,
    /// Where readers find the web app, for links in mails.
    #[arg(long, env = "PUBLIC_URL", default_value = "http://localhost:8080")]
    pub public_url: String,
}
