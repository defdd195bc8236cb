//! Reads over HTTP at a steady pace: when each was due, and when its answer was there.
//!
//! A read is due whether or not the one before it has been answered, so a service that stands still is seen in every read
//! that waits for it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::service::Service;
use crate::failure::{Failure, Outcome};

/// What is asked for in turn.
pub(super) const KINDS: [&str; 3] = ["list_assets", "get_asset_details", "get_status"];
/// Connections that the reads are spread over.
const CONNECTIONS: u32 = 16;

/// How often, and for how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    pub(super) per_second: u32,
    pub(super) seconds: u64,
}

/// What came of a phase of reads.
#[derive(Debug, Default)]
pub(super) struct Timings {
    /// From due to answered, by the place in [`KINDS`].
    pub(super) took: [Vec<Duration>; KINDS.len()],
    /// What was no answer with status 200, with how often it happened.
    pub(super) errors: BTreeMap<String, u64>,
    pub(super) elapsed: Duration,
}

impl Timings {
    pub(super) fn n_answered(&self) -> usize {
        self.took.iter().map(Vec::len).sum()
    }

    fn add(&mut self, other: Self) {
        self.took.iter_mut().zip(other.took).for_each(|(took, more)| took.extend(more));
        for (error, count) in other.errors {
            *self.errors.entry(error).or_default() += count;
        }
    }
}

/// Reads at `pace`, or until `enough` where that is sooner. `addresses` are those of the workspace's assets.
pub(super) fn read(service: &Service, addresses: &[String], pace: Pace, enough: &AtomicBool) -> Outcome<Timings> {
    let start = Instant::now();
    let end = start + Duration::from_secs(pace.seconds);
    let between = Duration::from_secs(1) / pace.per_second;
    let mut timings = Timings::default();
    let parts: Vec<thread::Result<Timings>> = thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS)
            .map(|first| {
                let due = move |turn: u32| start + between * (first + turn * CONNECTIONS);
                let is_over = move |at: Instant| at >= end || enough.load(Ordering::Relaxed);
                scope.spawn(move || client(service, addresses, first, due, is_over))
            })
            .collect();
        clients.into_iter().map(thread::ScopedJoinHandle::join).collect()
    });
    for part in parts {
        timings.add(part.map_err(|_| Failure::new("a client panicked"))?);
    }
    timings.elapsed = start.elapsed();
    Ok(timings)
}

/// One connection's reads. One that breaks is opened again for the next.
fn client(
    service: &Service,
    addresses: &[String],
    first: u32,
    due: impl Fn(u32) -> Instant,
    is_over: impl Fn(Instant) -> bool,
) -> Timings {
    let mut timings = Timings::default();
    let mut connection = None;
    for turn in 0.. {
        let at = due(turn);
        if is_over(at) {
            break;
        }
        thread::sleep(at.saturating_duration_since(Instant::now()));
        let number = (first + turn * CONNECTIONS) as usize;
        let kind = number % KINDS.len();
        let request = request(kind, number, addresses);
        let open = match connection.take() {
            Some(open) => Ok(open),
            None => service.door.connect(),
        };
        let answer = open.and_then(|mut open| {
            let answer = open.post(&service.route(KINDS[kind]), &request)?;
            Ok((open, answer))
        });
        match answer {
            Ok((open, answer)) if answer.status == 200 && !answer.body.is_empty() => {
                timings.took[kind].push(at.elapsed());
                connection = Some(open);
            }
            Ok((open, answer)) => {
                *timings.errors.entry(format!("{} with status {}", KINDS[kind], answer.status)).or_default() += 1;
                connection = Some(open);
            }
            Err(error) => *timings.errors.entry(format!("{}: {error}", KINDS[kind])).or_default() += 1,
        }
    }
    timings
}

/// A page from anywhere, an asset from anywhere, or the state.
fn request(kind: usize, number: usize, addresses: &[String]) -> String {
    // A step that is prime goes through all of them.
    let place = number.wrapping_mul(7_919) % addresses.len().max(1);
    match KINDS[kind] {
        "list_assets" => format!(r#"{{"cursor": "{place}", "limit": 100}}"#),
        "get_asset_details" => {
            let selector = addresses.get(place).map(String::as_str).unwrap_or_default();
            serde_json::json!({ "selector": selector }).to_string()
        }
        _ => "{}".to_owned(),
    }
}
