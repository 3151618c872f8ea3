//! The load: connections that are kept alive, each with one request on its way.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Connections at once.
pub(crate) const CONNECTIONS: usize = 64;
/// Most requests of a run, whatever time is left.
const REQUESTS_MAX: usize = 2_000_000;
/// Requests before the measured ones.
const WARM_UP: Duration = Duration::from_millis(700);

/// A request, ready to be written; a POST gets a new body and key each time.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    head: String,
    is_post: bool,
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) count: usize,
    elapsed: Duration,
    cpu: Duration,
    /// In microseconds, in order.
    latencies: Vec<u32>,
}

impl Request {
    pub(crate) fn get(path: &str) -> Self {
        Self {
            head: format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n"),
            is_post: false,
        }
    }

    pub(crate) fn post(path: &str, token: &str) -> Self {
        Self {
            head: format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"),
            is_post: true,
        }
        .signed(token)
    }

    pub(crate) fn signed(mut self, token: &str) -> Self {
        self.head.push_str(&format!("authorization: Bearer {token}\r\n"));
        self
    }

    fn bytes(&self, number: usize) -> Vec<u8> {
        if !self.is_post {
            return format!("{}\r\n", self.head).into_bytes();
        }
        let body = format!(
            r#"{{"kind":"municipality","name":"Bench {number}","country":"FR","population":{number},"labels":{{"uk":"Лава {number}"}}}}"#
        );
        format!(
            "{}idempotency-key: bench-{}-{number}\r\ncontent-length: {}\r\n\r\n{body}",
            self.head,
            std::process::id(),
            body.len()
        )
        .into_bytes()
    }
}

impl Outcome {
    pub(crate) fn per_second(&self) -> f64 {
        self.count as f64 / self.elapsed.as_secs_f64()
    }

    pub(crate) fn per_cpu_second(&self) -> f64 {
        self.count as f64 / self.cpu.as_secs_f64().max(0.001)
    }

    pub(crate) fn percentile_ms(&self, share: f64) -> f64 {
        let at = ((self.latencies.len() as f64 * share) as usize).min(self.latencies.len().saturating_sub(1));
        self.latencies
            .get(at)
            .map_or(0.0, |&micros| f64::from(micros) / 1_000.0)
    }
}

/// Sends `requests` in turn for `duration`; `cpu` tells the CPU time that the server has used so far.
pub(crate) fn run(port: u16, requests: &[Request], duration: Duration, cpu: impl Fn() -> Duration) -> Outcome {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let round = |duration: Duration| {
        let until = Instant::now() + duration;
        let requests = requests.to_vec();
        runtime.block_on(async move {
            let sent = std::sync::Arc::new(AtomicUsize::new(0));
            let tasks: Vec<_> = (0..CONNECTIONS)
                .map(|connection| {
                    let (requests, sent) = (requests.clone(), std::sync::Arc::clone(&sent));
                    tokio::spawn(async move {
                        let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                        stream.set_nodelay(true).unwrap();
                        let mut latencies = Vec::new();
                        let mut buffer = Vec::with_capacity(64 * 1024);
                        let mut turn = connection;
                        while Instant::now() < until && sent.fetch_add(1, Ordering::Relaxed) < REQUESTS_MAX {
                            let bytes = requests[turn % requests.len()].bytes(NUMBER.fetch_add(1, Ordering::Relaxed));
                            turn += 1;
                            let began = Instant::now();
                            stream.write_all(&bytes).await.unwrap();
                            read_answer(&mut stream, &mut buffer).await;
                            latencies.push(u32::try_from(began.elapsed().as_micros()).unwrap_or(u32::MAX));
                        }
                        latencies
                    })
                })
                .collect();
            let mut all = Vec::new();
            for task in tasks {
                all.extend(task.await.unwrap());
            }
            all
        })
    };
    round(WARM_UP);
    let (began, cpu_before) = (Instant::now(), cpu());
    let mut latencies = round(duration);
    let (elapsed, cpu_after) = (began.elapsed(), cpu());
    latencies.sort_unstable();
    Outcome {
        count: latencies.len(),
        elapsed,
        cpu: cpu_after - cpu_before,
        latencies,
    }
}

async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) {
    buffer.clear();
    loop {
        let count = stream.read_buf(buffer).await.unwrap();
        assert!(count > 0, "the server closed the connection");
        let Some(head) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else {
            continue;
        };
        let head_text = std::str::from_utf8(&buffer[..head])
            .expect("an HTTP head")
            .to_ascii_lowercase();
        assert!(
            head_text.starts_with("http/1.1 2"),
            "not a success: {}",
            String::from_utf8_lossy(buffer)
        );
        let length: usize = head_text
            .split("\r\n")
            .find_map(|line| line.strip_prefix("content-length:"))
            .expect("a body of known length")
            .trim()
            .parse()
            .unwrap();
        let mut missing = (head + 4 + length).saturating_sub(buffer.len());
        while missing > 0 {
            let count = stream.read_buf(buffer).await.unwrap();
            assert!(count > 0, "the server closed the connection");
            missing = missing.saturating_sub(count);
        }
        return;
    }
}
