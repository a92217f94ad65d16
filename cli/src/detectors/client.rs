//! One request to a server, sent until it has an answer or has none for good.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use owabi_harness::LossKind;
use ureq::Agent;
use ureq::http::{HeaderName, HeaderValue, Response, Uri};
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};

use super::Reach;
use super::losses::{Lost, lost};
use crate::error::Error;

/// The wait before the first repetition; every further one is twice as long.
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// No wait is longer, and a server that asks for more is not waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// The largest answer that is read.
const LARGEST_ANSWER: u64 = 256 << 20;
/// How much of an error's page is shown, in characters.
const EXCERPT: usize = 200;

pub(super) struct Client {
    agent: Agent,
    url: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    timeout: Duration,
    retries: u64,
    /// How many requests were sent, or would have been but for the limit.
    wanted: AtomicU64,
    limit: Option<u64>,
}

/// Whether this can be the URL of a detector.
pub(super) fn check_url(url: &str) -> Result<(), String> {
    let uri: Uri = url.parse().map_err(|error| format!("`{}` is no URL ({error})", shown(url)))?;
    let Some(host) = uri.authority().filter(|_| matches!(uri.scheme_str(), Some("http" | "https"))) else {
        return Err("write the whole URL, such as `http:http://127.0.0.1:8080/scan`".to_owned());
    };
    match host.as_str().contains('@') {
        true => Err("a URL with a password is seen by everyone; use --header 'Authorization: env:NAME'".to_owned()),
        false => Ok(()),
    }
}

/// A URL as messages show it: what stands after `?` may be a key.
pub(super) fn shown(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or(url).to_owned()
}

/// Why an attempt has no answer, and whether to try again.
struct Failed {
    lost: Lost,
    again: Again,
}

enum Again {
    Never,
    /// After the usual wait.
    Later,
    /// After as long as the server asks for.
    In(Duration),
}

impl Client {
    pub(super) fn new(url: &str, reach: &Reach) -> Result<Client, Error> {
        let mut tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()));
        if url.starts_with("https:") {
            // Those of the system, which may know a company's own: they are also found by $SSL_CERT_FILE.
            let found = rustls_native_certs::load_native_certs();
            if found.certs.is_empty() {
                return Err(Error::at(shown(url), "no certificates to trust; install ca-certificates or set SSL_CERT_FILE"));
            }
            let certificates = found.certs.iter().map(|certificate| Certificate::from_der(certificate).to_owned());
            tls = tls.root_certs(RootCerts::from(certificates));
        }
        let config = Agent::config_builder()
            .tls_config(tls.build())
            .timeout_global(Some(reach.timeout()))
            // A redirected POST is a GET: whoever is asked must be named.
            .max_redirects(0)
            .http_status_as_error(false)
            .max_idle_connections_per_host(reach.jobs())
            .user_agent(concat!("owabi/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Client {
            agent: config.new_agent(),
            url: url.to_owned(),
            headers: reach.headers()?,
            timeout: reach.timeout(),
            retries: reach.retries(),
            wanted: AtomicU64::new(0),
            limit: reach.max_requests,
        })
    }

    /// Whether a request was not sent because of the limit.
    pub(super) fn is_over(&self) -> bool {
        self.limit.is_some_and(|limit| self.wanted.load(Ordering::SeqCst) > limit)
    }

    /// The body of the answer to `body`.
    pub(super) fn post(&self, body: &str) -> Result<Vec<u8>, Lost> {
        let mut usual = FIRST_WAIT;
        let mut tries = 0;
        loop {
            if self.limit.is_some_and(|limit| self.wanted.fetch_add(1, Ordering::SeqCst) >= limit) {
                return Err(self.over());
            }
            tries += 1;
            let Failed { mut lost, again } = match self.send(body) {
                Ok(body) => return Ok(body),
                Err(failed) => failed,
            };
            let wait = match again {
                Again::In(wait) if wait > LONGEST_WAIT => {
                    lost.loss.why += &format!(", to be asked again only after {} s", wait.as_secs());
                    return Err(lost);
                }
                Again::In(wait) => wait,
                Again::Later => usual,
                Again::Never => return Err(lost),
            };
            if tries > self.retries {
                if tries > 1 {
                    lost.loss.why += &format!(", {tries} times");
                }
                return Err(lost);
            }
            thread::sleep(wait);
            usual = LONGEST_WAIT.min(usual * 2);
        }
    }

    /// The loss of whatever comes after the last request that may be sent.
    pub(super) fn over(&self) -> Lost {
        Lost { told: true, ..lost(LossKind::Refused, format!("--max-requests {} is reached", self.limit.unwrap_or_default())) }
    }

    fn send(&self, body: &str) -> Result<Vec<u8>, Failed> {
        let mut request = self.agent.post(&self.url).header("content-type", "application/json").header("accept", "application/json");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let mut response = request.send(body).map_err(|error| self.failed(error))?;
        let read = response.body_mut().with_config().limit(LARGEST_ANSWER).read_to_vec();
        let status = response.status();
        if !status.is_success() {
            let why = format!("HTTP {status}");
            // The page says more than the number, but also times and numbers of requests.
            let page = String::from_utf8_lossy(read.as_deref().unwrap_or_default()).trim().chars().take(EXCERPT).collect::<String>();
            let again = match status.as_u16() {
                429 | 500.. => retry_after(&response).map_or(Again::Later, Again::In),
                _ => Again::Never,
            };
            let why = match header(&response, "location").filter(|_| status.is_redirection()) {
                Some(to) => format!("{why}: a redirect to {}; name that URL if it is right", shown(to)),
                None => why,
            };
            return Err(Failed { lost: Lost { said: (!page.is_empty()).then_some(page), ..lost(LossKind::Refused, why) }, again });
        }
        let kind = header(&response, "content-type").unwrap_or("application/json");
        let kind = kind.split(';').next().unwrap_or(kind).trim().to_lowercase();
        if kind != "application/json" && !kind.ends_with("+json") {
            return Err(never(LossKind::Malformed, format!("the answer is {kind} and not application/json; is the URL right?")));
        }
        read.map_err(|error| self.failed(error))
    }

    fn failed(&self, error: ureq::Error) -> Failed {
        let crash = |why: &str, again| Failed { lost: lost(LossKind::Crash, why), again };
        match error {
            ureq::Error::Timeout(_) => never(LossKind::Timeout, format!("no answer in {} s", self.timeout.as_secs_f64())),
            ureq::Error::HostNotFound => crash("no such host; check the URL", Again::Never),
            ureq::Error::ConnectionFailed => crash("cannot connect", Again::Later),
            ureq::Error::Io(error) => match error.kind() {
                ErrorKind::ConnectionRefused => crash("cannot connect: connection refused", Again::Later),
                ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => {
                    crash("the connection was closed before the answer", Again::Later)
                }
                ErrorKind::TimedOut | ErrorKind::WouldBlock => {
                    never(LossKind::Timeout, format!("no answer in {} s", self.timeout.as_secs_f64()))
                }
                _ => crash(&format!("cannot connect: {error}"), Again::Never),
            },
            ureq::Error::BodyExceedsLimit(limit) => never(LossKind::Malformed, format!("the answer is longer than {limit} bytes")),
            ureq::Error::Protocol(error) => never(LossKind::Malformed, format!("not HTTP: {error}")),
            other => crash(&other.to_string(), Again::Never),
        }
    }
}

fn never(kind: LossKind, why: impl Into<String>) -> Failed {
    Failed { lost: lost(kind, why), again: Again::Never }
}

fn header<'a, T>(response: &'a Response<T>, name: &str) -> Option<&'a str> {
    response.headers().get(name)?.to_str().ok()
}

/// In seconds; a date would need a clock that agrees with the server's, so the usual wait stands for it.
fn retry_after<T>(response: &Response<T>) -> Option<Duration> {
    header(response, "retry-after")?.trim().parse().ok().map(Duration::from_secs)
}
