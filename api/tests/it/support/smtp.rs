//! A mail server for tests: it speaks SMTP (RFC 5321) on a port of its own, keeps what it takes, and refuses what it is told to.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use api::config::MailArgs;
use api::mail::post::{Post, send_one};

use super::Server;

/// A mail as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    /// To whom, by the envelope.
    pub(crate) to: Vec<String>,
    /// Head and body.
    pub(crate) content: String,
}

impl Taken {
    /// The words of its body, which may be encoded.
    pub(crate) fn words(&self) -> String {
        plain(&self.content)
    }
}

/// The words of a mail whose body may be encoded.
fn plain(content: &str) -> String {
    let (head, body) = content.split_once("\n\n").unwrap();
    if head.contains("base64") {
        use base64::Engine as _;
        let joined: String = body.split_whitespace().collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(joined).unwrap();
        String::from_utf8(bytes).unwrap()
    } else if head.contains("quoted-printable") {
        unquoted(body)
    } else {
        body.to_owned()
    }
}

/// RFC 2045, 6.7.
fn unquoted(body: &str) -> String {
    let joined = body.replace("\r", "").replace("=\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.as_bytes();
    while let Some((&first, more)) = rest.split_first() {
        if first == b'=' && more.len() >= 2 {
            let code = std::str::from_utf8(&more[..2]).unwrap();
            bytes.push(u8::from_str_radix(code, 16).unwrap());
            rest = &more[2..];
        } else {
            bytes.push(first);
            rest = more;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The server.
#[derive(Debug)]
pub(crate) struct MailServer {
    /// How it is called in `SMTP_URL`.
    pub(crate) url: String,
    taken: Arc<Mutex<Vec<Taken>>>,
    refusals: Arc<Mutex<Vec<&'static str>>>,
}

impl MailServer {
    /// Starts one; it ends with the process.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let server = Self {
            url: format!("smtp://{}", listener.local_addr().unwrap()),
            taken: Arc::default(),
            refusals: Arc::default(),
        };
        let (taken, refusals) = (Arc::clone(&server.taken), Arc::clone(&server.refusals));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // One that goes away in the middle is the client's matter.
                let _ = talk(&stream, &taken, &refusals);
            }
        });
        server
    }

    /// Answers the next recipients so, one after the other, before it takes any.
    pub(crate) fn refuse(&self, answers: &[&'static str]) {
        self.refusals.lock().unwrap().extend(answers.iter().rev());
    }

    /// What it has taken so far.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }
}

fn talk(mut stream: &TcpStream, taken: &Mutex<Vec<Taken>>, refusals: &Mutex<Vec<&'static str>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    writeln!(stream, "220 test\r")?;
    let mut to = Vec::new();
    while let Some(line) = lines.next().transpose()? {
        let command = line.split(' ').next().unwrap_or_default().to_uppercase();
        match command.as_str() {
            "MAIL" => to.clear(),
            "RCPT" => {
                if let Some(refusal) = refusals.lock().unwrap().pop() {
                    writeln!(stream, "{refusal}\r")?;
                    continue;
                }
                let address = line.split(['<', '>']).nth(1).unwrap_or_default();
                to.push(address.to_owned());
            }
            "DATA" => {
                writeln!(stream, "354 go on\r")?;
                let mut content = String::new();
                while let Some(line) = lines.next().transpose()?.filter(|line| line != ".") {
                    content.push_str(&line);
                    content.push('\n');
                }
                taken.lock().unwrap().push(Taken {
                    to: to.clone(),
                    content,
                });
            }
            "QUIT" => {
                writeln!(stream, "221 bye\r")?;
                return Ok(());
            }
            _ => {}
        }
        writeln!(stream, "250 ok\r")?;
    }
    Ok(())
}

impl Server {
    /// Sends all letters that are in the outbox; what a mail server took of them.
    pub(crate) async fn mailed(&self) -> Vec<Taken> {
        let mails = MailServer::start();
        let post = Post::of(&MailArgs {
            smtp_url: Some(mails.url.clone()),
            mail_from: "Passerelle <hello@passerelle.example>".to_owned(),
            public_url: "https://passerelle.example/".to_owned(),
        });
        let post = post.unwrap().unwrap();
        while send_one(&self.platform, &post).await.unwrap() {}
        mails.taken()
    }
}
