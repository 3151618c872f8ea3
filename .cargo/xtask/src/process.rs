//! Runs other programs: loudly or quietly, to their end or beside us for as long as we live.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Tells the person what begins now.
pub(crate) fn step(what: impl Display) {
    println!("==> {what}");
}

/// An environment variable of the person who started the task.
#[expect(
    clippy::disallowed_methods,
    reason = "the tasks are configured by the shell that starts them"
)]
pub(crate) fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// Every directory in which the shell would look for a program.
#[expect(clippy::disallowed_methods, reason = "PATH is read once, here")]
fn search_path() -> Vec<PathBuf> {
    env::var_os("PATH")
        .map(|path| env::split_paths(&path).collect())
        .unwrap_or_default()
}

/// Where the shell would find this program.
pub(crate) fn find_program(name: &str) -> Option<PathBuf> {
    search_path()
        .into_iter()
        .map(|directory| directory.join(name))
        .find(|path| path.is_file())
}

/// Every program on the path whose name begins like this, in the order of the path.
pub(crate) fn find_programs_like(prefix: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for directory in search_path() {
        let Ok(entries) = directory.read_dir() else { continue };
        let mut names: Vec<PathBuf> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                path.file_name()
                    .and_then(OsStr::to_str)
                    .is_some_and(|name| name.starts_with(prefix))
            })
            .collect();
        names.sort();
        found.append(&mut names);
    }
    found
}

/// The command as a person would type it.
pub(crate) fn words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(
        command
            .get_args()
            .map(|argument| argument.to_string_lossy().into_owned()),
    );
    words.join(" ")
}

/// Runs a program to its end with our own output; fails when it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{}`", words(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", words(command));
    }
    Ok(())
}

/// Like [`run`], for a command line with a secret in it: a failure names the program only.
pub(crate) fn run_in_private(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .stdin(Stdio::null())
        .status()
        .with_context(|| format!("cannot start `{program}`"))?;
    if !status.success() {
        bail!("`{program}` failed ({status})");
    }
    Ok(())
}

/// Runs a program to its end and returns what it wrote; what it complained about is shown only when it fails.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", words(command)))?;
    if !output.status.success() {
        bail!(
            "`{}` failed ({})\n{}{}",
            words(command),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{}` did not write UTF-8", words(command)))
}

/// Whether a program ends well; says nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The signal that asks a program to stop in good order.
#[derive(Clone, Copy)]
pub(crate) enum StopSignal {
    /// What most servers expect.
    Terminate,
    /// PostgreSQL's "fast shutdown": no waiting for clients.
    Interrupt,
}

/// Under which terms a server lives beside us.
pub(crate) struct Terms<'a> {
    /// The words before the command, where the server must run as somebody else.
    pub(crate) run_as: &'a [&'a str],
    pub(crate) stop: StopSignal,
    /// Where it may write what it has to say.
    pub(crate) log: &'a Path,
    /// A directory that nobody needs after it.
    pub(crate) throw_away: Option<&'a Path>,
}

/// A server that lives at most as long as this task, however the task ends.
///
/// A small shell stands between: it waits on a pipe that only we hold open, and stops the server when the pipe closes. So even a
/// task that is killed leaves nothing running.
pub(crate) struct Companion {
    name: &'static str,
    shell: Child,
}

/// `$0` is the signal, `$1` a directory to remove afterwards (or nothing), the rest is the server with its arguments.
const KEEPER: &str = r#"signal=$0; leftovers=$1; shift
exec 3<&0 </dev/null
trap "" INT TERM HUP
(trap - INT TERM HUP; exec "$@" 3<&-) &
server=$!
(cat <&3 >/dev/null; kill -s "$signal" $server) 2>/dev/null &
exec 3<&-
wait $server
code=$?
[ -z "$leftovers" ] || rm -rf -- "$leftovers"
exit $code"#;

impl Companion {
    /// Starts a server.
    pub(crate) fn start(name: &'static str, server: &Command, terms: &Terms<'_>) -> Result<Self> {
        let signal = match terms.stop {
            StopSignal::Terminate => "TERM",
            StopSignal::Interrupt => "INT",
        };
        let mut arguments: Vec<OsString> = terms.run_as.iter().map(OsString::from).collect();
        arguments.extend(["sh", "-c", KEEPER, signal].map(OsString::from));
        arguments.push(
            terms
                .throw_away
                .map_or_else(OsString::new, |path| path.as_os_str().to_owned()),
        );
        arguments.push(server.get_program().to_owned());
        arguments.extend(server.get_args().map(OsStr::to_owned));
        let mut arguments = arguments.into_iter();
        let mut command = Command::new(arguments.next().context("no program to start")?);
        command.args(arguments);
        for (key, value) in server.get_envs() {
            match value {
                Some(value) => command.env(key, value),
                None => command.env_remove(key),
            };
        }
        if let Some(directory) = server.get_current_dir() {
            command.current_dir(directory);
        }
        let log = fs::File::create(terms.log).with_context(|| format!("cannot write {}", terms.log.display()))?;
        let shell = command
            .stdin(Stdio::piped())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name, shell })
    }

    /// Whether the server still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        matches!(self.shell.try_wait(), Ok(None))
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // A database of many tests has much to put away.
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.is_running() {
            if Instant::now() > deadline {
                eprintln!(
                    "{} does not stop; leaving it to end by itself (process {})",
                    self.name,
                    self.shell.id()
                );
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
    }
}

/// A port of the loopback interface that nobody uses now.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on 127.0.0.1")?;
    Ok(listener.local_addr()?.port())
}

/// Waits until a server on 127.0.0.1 answers this path with a success.
pub(crate) fn wait_for_http(
    server: &mut Companion,
    port: u16,
    path: &str,
    patience: Duration,
    log: &Path,
) -> Result<()> {
    let deadline = Instant::now() + patience;
    while !answers(port, path) {
        if !server.is_running() || Instant::now() > deadline {
            let said = fs::read_to_string(log).unwrap_or_default();
            bail!(
                "{} did not answer http://127.0.0.1:{port}{path} within {} s; it said:\n{said}",
                server.name,
                patience.as_secs()
            );
        }
        thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

fn answers(port: u16, path: &str) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream =
            TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        )?;
        let mut head = [0_u8; 12];
        stream.read_exact(&mut head)?;
        Ok(head.starts_with(b"HTTP/1.1 2"))
    };
    ask().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(script: &str, directory: &Path, throw_away: Option<&Path>) -> Companion {
        let mut server = Command::new("sh");
        server.args(["-c", script]).current_dir(directory);
        let log = directory.join("log");
        let terms = Terms {
            run_as: &[],
            stop: StopSignal::Terminate,
            log: &log,
            throw_away,
        };
        Companion::start("a test's server", &server, &terms).unwrap()
    }

    fn wait_for(mut happened: impl FnMut() -> bool) -> bool {
        (0..200).any(|_| {
            thread::sleep(Duration::from_millis(25));
            happened()
        })
    }

    #[test]
    fn a_companion_stops_with_us_and_its_leftovers_go() {
        let directory = tempfile::tempdir().unwrap();
        let leftovers = directory.path().join("leftovers");
        fs::create_dir(&leftovers).unwrap();
        let script = "trap 'echo stopped > word; exit' TERM; touch started; while :; do sleep 0.05; done";
        let companion = start(script, directory.path(), Some(&leftovers));
        assert!(wait_for(|| directory.path().join("started").exists()));
        drop(companion);
        assert_eq!(fs::read_to_string(directory.path().join("word")).unwrap(), "stopped\n");
        assert!(!leftovers.exists());
    }

    #[test]
    fn a_companion_that_ends_by_itself_is_noticed() {
        let directory = tempfile::tempdir().unwrap();
        let mut companion = start("echo no port left", directory.path(), None);
        assert!(wait_for(|| !companion.is_running()));
        assert_eq!(
            fs::read_to_string(directory.path().join("log")).unwrap(),
            "no port left\n"
        );
    }

    #[test]
    fn a_programs_complaint_is_told_with_its_words() {
        let error = capture(Command::new("sh").args(["-c", "echo broken >&2; exit 3"]))
            .unwrap_err()
            .to_string();
        assert!(error.contains("broken") && error.contains("exit 3"), "{error}");
    }
}
