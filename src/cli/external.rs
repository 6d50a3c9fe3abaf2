//! `pufa check --external`: whether the addresses outside of the site still answer.
//!
//! Polite: every address is asked once however often it is linked, a host is asked by one connection at a time with a pause
//! between two questions, few hosts are asked at once. Bounded: an answer is waited for only so long, and so is the whole. What
//! was answered is kept in `.pufa/links.json`, so that the next run asks only what is new, old or was not reached.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use serde::{Deserialize, Serialize};

use crate::base::{SourcePath, Span};
use crate::diag::Diagnostic;
use crate::render::escape;

/// How far the check goes.
#[derive(Clone, Debug)]
pub(super) struct Limits {
    /// For one answer.
    pub(super) answer: Duration,
    /// For all of it.
    pub(super) total: Duration,
    /// Between two questions to one host.
    pub(super) pause: Duration,
    /// Hosts asked at once.
    pub(super) hosts: usize,
    /// How long a good answer is believed.
    pub(super) good_for: Duration,
    /// How long any other answer is believed.
    pub(super) bad_for: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        const HOUR: Duration = Duration::from_secs(3600);
        Self {
            answer: Duration::from_secs(10),
            total: Duration::from_secs(120),
            pause: Duration::from_millis(300),
            hosts: 8,
            good_for: HOUR * 24 * 7,
            bad_for: HOUR,
        }
    }
}

/// What became of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Answer {
    /// It is there.
    Fine,
    /// It is there, for good, under another address.
    Moved(String),
    /// It is gone: the status.
    Dead(u16),
    /// The server refused or failed: the status.
    Refused(u16),
    /// No answer came in time.
    Late,
    /// No connection: the reason.
    Unreachable(String),
}

/// An answer with the second (since 1970) it was given.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    at: u64,
    answer: Answer,
}

type Known = BTreeMap<String, Kept>;

/// Asks for every address and says what is wrong at each place that links to it.
pub(super) fn check(
    links: &[(String, SourcePath, Span)],
    work: &Path,
    skip: &[String],
    limits: &Limits,
) -> Vec<Diagnostic> {
    let file = work.join("links.json");
    let mut known = read(&file);
    let now = now();
    let wanted = links
        .iter()
        .map(|(address, ..)| without_fragment(address))
        .filter(|address| !skip.iter().any(|start| address.starts_with(start.as_str())));
    let fresh = |kept: &Kept| {
        let good = matches!(kept.answer, Answer::Fine | Answer::Moved(_));
        let believed = if good {
            limits.good_for
        } else {
            limits.bad_for
        };
        now.saturating_sub(kept.at) < believed.as_secs()
    };
    let mut hosts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for address in wanted {
        let asked = hosts.entry(host(address)).or_default();
        if !known.get(address).is_some_and(fresh) && !asked.contains(&address) {
            known.remove(address);
            asked.push(address);
        }
    }
    let answers = ask_all(hosts.into_iter().collect(), limits);
    known.extend(answers.into_iter().map(|(address, answer)| {
        let kept = Kept { at: now, answer };
        (address, kept)
    }));
    // A cache that can't be kept costs time at the next run, no more.
    let _ = write(&file, &known);
    judge(links, skip, &known)
}

/// What there is to say at every place.
fn judge(links: &[(String, SourcePath, Span)], skip: &[String], known: &Known) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut unasked = std::collections::BTreeSet::new();
    for (address, path, span) in links {
        let bare = without_fragment(address);
        let Some(kept) = known.get(bare) else {
            if !skip.iter().any(|start| bare.starts_with(start.as_str())) {
                unasked.insert(bare);
            }
            continue;
        };
        let say = |code| Diagnostic::at(code, path, *span).with("address", address);
        found.extend(match &kept.answer {
            Answer::Fine => None,
            Answer::Moved(to) => Some(say("link-moved").with("to", to)),
            Answer::Dead(status) => Some(say("link-dead").with("status", status)),
            Answer::Refused(status) => Some(say("link-refused").with("status", status)),
            Answer::Late => Some(say("link-late")),
            Answer::Unreachable(reason) => Some(say("link-unreachable").with("error", reason)),
        });
    }
    if !unasked.is_empty() {
        found.push(Diagnostic::new("links-unasked").with("count", unasked.len()));
    }
    found
}

/// Asks the hosts, some at once; every host's addresses one after the other.
fn ask_all(hosts: Vec<(&str, Vec<&str>)>, limits: &Limits) -> Vec<(String, Answer)> {
    let end = Instant::now() + limits.total;
    let queue = Mutex::new(hosts.into_iter());
    let answers = Mutex::new(Vec::new());
    let next = || {
        let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.next()
    };
    std::thread::scope(|scope| {
        for _ in 0..limits.hosts {
            scope.spawn(|| {
                while let Some((_, addresses)) = next() {
                    let told = ask_host(&addresses, end, limits);
                    answers
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .extend(told);
                }
            });
        }
    });
    answers.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn ask_host(addresses: &[&str], end: Instant, limits: &Limits) -> Vec<(String, Answer)> {
    let agent = agent();
    let mut told = Vec::new();
    for (nth, address) in addresses.iter().enumerate() {
        if nth > 0 {
            std::thread::sleep(limits.pause);
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            break;
        }
        let answer = follow(&agent, address, left.min(limits.answer));
        // What the end of the whole cut short says nothing of the address.
        let cut_short = answer == Answer::Late && left < limits.answer;
        if !cut_short {
            told.push(((*address).to_owned(), answer));
        }
    }
    told
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .user_agent(concat!("pufa/", env!("CARGO_PKG_VERSION"), " (link check)"))
        .build()
        .into()
}

/// How often an address may send on to another.
const LONGEST_CHAIN: usize = 8;

/// Asks for an address and for those it sends on to. Only what moved for good all the way is said to have moved.
fn follow(agent: &ureq::Agent, address: &str, time: Duration) -> Answer {
    let end = Instant::now() + time;
    let first = encoded(address);
    let mut at = first.clone();
    let mut for_good = true;
    for _ in 0..LONGEST_CHAIN {
        let left = end.saturating_duration_since(Instant::now());
        let (status, to) = match ask(agent, &at, left) {
            Ok(told) => told,
            Err(answer) => return answer,
        };
        match (status, to) {
            (300..=399, Some(to)) => {
                for_good &= matches!(status, 301 | 308);
                at = join(&at, &to);
            }
            (200..=399, _) if for_good && at != first => return Answer::Moved(at),
            (200..=399, _) => return Answer::Fine,
            (404 | 410, _) => return Answer::Dead(status),
            _ => return Answer::Refused(status),
        }
    }
    Answer::Refused(310)
}

/// The address in ASCII.
fn encoded(address: &str) -> String {
    escape::url(address).replace("&amp;", "&")
}

/// The status and where it sends on to. Servers that don't like to be asked for the head alone are asked for the page.
fn ask(
    agent: &ureq::Agent,
    address: &str,
    time: Duration,
) -> Result<(u16, Option<String>), Answer> {
    let end = Instant::now() + time;
    let head = agent.head(address);
    let first = head.config().timeout_global(Some(time)).build().call();
    let response = match first {
        Ok(response) if response.status().as_u16() < 400 => response,
        // No second question where the first had no answer.
        Err(error) if unanswered(&error) => return Err(no_answer(&error)),
        Ok(_) | Err(_) => {
            let left = end.saturating_duration_since(Instant::now());
            let get = agent.get(address);
            let second = get.config().timeout_global(Some(left)).build().call();
            second.map_err(|error| no_answer(&error))?
        }
    };
    let to = response.headers().get("location");
    let to = to.and_then(|to| to.to_str().ok()).map(str::to_owned);
    Ok((response.status().as_u16(), to))
}

fn unanswered(error: &ureq::Error) -> bool {
    matches!(
        error,
        ureq::Error::Timeout(_) | ureq::Error::HostNotFound | ureq::Error::ConnectionFailed
    )
}

fn no_answer(error: &ureq::Error) -> Answer {
    match error {
        ureq::Error::Timeout(_) => Answer::Late,
        ureq::Error::Io(error) => Answer::Unreachable(error.to_string()),
        other => Answer::Unreachable(other.to_string()),
    }
}

/// Where `to`, found at `at`, leads (RFC 3986, as far as servers use it).
fn join(at: &str, to: &str) -> String {
    let scheme = at.find("://").map_or(0, |colon| colon + 3);
    let host_end = at[scheme..].find('/').map_or(at.len(), |end| scheme + end);
    if to.contains("://") {
        to.to_owned()
    } else if to.starts_with("//") {
        format!("{}{to}", &at[..scheme - 2])
    } else if to.starts_with('/') {
        format!("{}{to}", &at[..host_end])
    } else {
        let folder = at[host_end..]
            .rfind('/')
            .map_or(at.len(), |end| host_end + end);
        format!("{}/{to}", &at[..folder])
    }
}

fn without_fragment(address: &str) -> &str {
    address.split('#').next().unwrap_or(address)
}

fn host(address: &str) -> &str {
    let behind = address.split_once("://").map_or(address, |(_, rest)| rest);
    behind.split(['/', '?']).next().unwrap_or(behind)
}

fn read(file: &PathBuf) -> Known {
    // A cache that can't be read is an empty one.
    let text = std::fs::read_to_string(file).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn write(file: &Path, known: &Known) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let part = file.with_extension(format!("{}.part", std::process::id()));
    std::fs::write(&part, serde_json::to_string_pretty(known)?)?;
    std::fs::rename(part, file)
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::sync::Arc;

    use super::*;

    /// A server with one page for every answer; it keeps what it was asked.
    fn server() -> (String, Arc<Mutex<Vec<String>>>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let log = log.clone();
                std::thread::spawn(move || answer(stream, &log));
            }
        });
        (base, asked)
    }

    fn answer(mut stream: std::net::TcpStream, log: &Mutex<Vec<String>>) {
        let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
        let mut first = String::new();
        let _ = reader.read_line(&mut first);
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
            line.clear();
        }
        let mut words = first.split(' ');
        let (method, path) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        log.lock()
            .expect("no panic")
            .push(format!("{method} {path}"));
        let status = match (method, path) {
            (_, "/gone") => "404 Not Found",
            (_, "/moved") => "301 Moved Permanently\r\nLocation: ok",
            (_, "/elsewhere") => "302 Found\r\nLocation: /ok",
            ("HEAD", "/only-get") => "405 Method Not Allowed",
            (_, "/broken") => "503 Service Unavailable",
            (_, "/late") => {
                std::thread::sleep(Duration::from_secs(3));
                "200 OK"
            }
            _ => "200 OK",
        };
        let _ = write!(
            stream,
            "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    }

    fn quick() -> Limits {
        Limits {
            answer: Duration::from_millis(800),
            pause: Duration::ZERO,
            ..Limits::default()
        }
    }

    fn link(address: String) -> (String, SourcePath, Span) {
        (address, SourcePath::new("content/a.md"), Span::new(1, 2))
    }

    fn codes(found: &[Diagnostic]) -> Vec<&'static str> {
        found.iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn every_answer_has_its_code() {
        let (base, _) = server();
        let work = tempfile::tempdir().expect("a folder");
        for (path, expected) in [
            ("/ok", vec![]),
            ("/ok#part", vec![]),
            ("/%E6%B0%91", vec![]),
            ("/民", vec![]),
            ("/elsewhere", vec![]),
            ("/only-get", vec![]),
            ("/gone", vec!["link-dead"]),
            ("/moved", vec!["link-moved"]),
            ("/broken", vec!["link-refused"]),
            ("/late", vec!["link-late"]),
        ] {
            let links = [link(format!("{base}{path}"))];
            let found = check(&links, work.path(), &[], &quick());
            assert_eq!(codes(&found), expected, "{path}");
        }
        let closed = [link("http://127.0.0.1:9/".to_owned())];
        let found = check(&closed, work.path(), &[], &quick());
        assert_eq!(codes(&found), ["link-unreachable"]);
    }

    #[test]
    fn what_was_answered_is_not_asked_again() {
        let (base, asked) = server();
        let work = tempfile::tempdir().expect("a folder");
        let links = [
            link(format!("{base}/ok")),
            link(format!("{base}/ok#two")),
            link(format!("{base}/moved")),
        ];
        let first = check(&links, work.path(), &[], &quick());
        let count = asked.lock().expect("no panic").len();
        assert_eq!(count, 3, "one for the page, two for the one that moved");
        let second = check(&links, work.path(), &[], &quick());
        assert_eq!(first, second);
        assert_eq!(asked.lock().expect("no panic").len(), count);
        assert_eq!(first[0].arg("to"), Some(&*format!("{base}/ok")));
    }

    #[test]
    fn the_whole_ends_in_time_and_says_what_is_left() {
        let (base, _) = server();
        let work = tempfile::tempdir().expect("a folder");
        let links = [link(format!("{base}/late")), link(format!("{base}/ok"))];
        let limits = Limits {
            total: Duration::from_millis(200),
            ..quick()
        };
        let found = check(&links, work.path(), &[], &limits);
        assert_eq!(codes(&found), ["links-unasked"]);
        assert_eq!(found[0].arg("count"), Some("2"));
    }

    #[test]
    fn addresses_to_skip_are_not_asked() {
        let (base, asked) = server();
        let work = tempfile::tempdir().expect("a folder");
        let links = [link(format!("{base}/gone"))];
        let found = check(&links, work.path(), &[base], &quick());
        assert_eq!(codes(&found), Vec::<&str>::new());
        assert_eq!(asked.lock().expect("no panic").len(), 0);
    }

    #[test]
    fn redirects_are_joined() {
        let at = "http://a.cn/x/y?q";
        for (to, expected) in [
            ("https://b.cn/", "https://b.cn/"),
            ("//b.cn/", "http://b.cn/"),
            ("/z", "http://a.cn/z"),
            ("z", "http://a.cn/x/z"),
        ] {
            assert_eq!(join(at, to), expected);
        }
    }
}
