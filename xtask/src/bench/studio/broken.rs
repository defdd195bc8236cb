//! The time from a manifest that breaks on disk to the event that says so, at a client.

use std::io::BufRead;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::service::Service;
use crate::failure::{Doing, Failure, Outcome};

/// Longer than any change takes to be seen.
const PATIENCE: Duration = Duration::from_secs(30);

/// Breaks the manifest and mends it again, `times` times; gives how long each breaking took to be heard of.
pub(super) fn measure(service: &Service, manifest: &Path, times: usize) -> Outcome<Vec<Duration>> {
    let path = service.events(&["diagnostics_updated"]);
    let lines = service.connect()?.stream(&path, None).doing(|| "opening a stream of findings".to_owned())?;
    let (said, heard) = channel();
    // It ends when nobody listens any more, at the next event or heartbeat.
    thread::spawn(move || listen(lines, &said));
    let whole = std::fs::read(manifest).doing(|| format!("reading {}", manifest.display()))?;
    let mut took = Vec::new();
    for _ in 0..times {
        took.push(write_and_hear(manifest, b"{ broken", &heard)?);
        write_and_hear(manifest, &whole, &heard)?;
    }
    Ok(took)
}

/// Says when each event came.
fn listen(mut lines: impl BufRead, said: &Sender<Instant>) {
    let mut line = String::new();
    while let Ok(1..) = lines.read_line(&mut line) {
        if line.starts_with("data:") && said.send(Instant::now()).is_err() {
            return;
        }
        line.clear();
    }
}

fn write_and_hear(manifest: &Path, bytes: &[u8], heard: &Receiver<Instant>) -> Outcome<Duration> {
    while heard.try_recv().is_ok() {}
    let start = Instant::now();
    std::fs::write(manifest, bytes).doing(|| format!("writing {}", manifest.display()))?;
    let at = heard.recv_timeout(PATIENCE).map_err(|_| Failure::new("nobody told of a changed manifest"))?;
    Ok(at.saturating_duration_since(start))
}
