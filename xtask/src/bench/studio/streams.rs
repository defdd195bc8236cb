//! Many streams of events at once, one of them left unread, and what each was told.
//!
//! A stream that breaks is opened again after the last event it had, as a browser does.

use std::collections::BTreeSet;
use std::io::{self, BufRead};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};

use packwright::event::{Checker, Event, Kind};
use packwright::value::OperationId;
use serde::Deserialize;

use super::http::{Door, Lines};
use crate::failure::{Doing, Failure, Outcome};

/// As much of an event as is counted.
#[derive(Debug, Deserialize)]
struct Told {
    operation_id: OperationId,
    sequence: u64,
    cursor: u64,
    kind: Kind,
    terminal: bool,
    payload: Extra,
}

#[derive(Debug, Deserialize)]
struct Extra {
    from: Option<u64>,
    to: Option<u64>,
    lifecycle: Option<u64>,
}

/// A lifecycle event: its cursor, and what it is.
pub(super) type Heard = (u64, OperationId, u64, Kind);

/// Events that a stream was told it missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Gap {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) lifecycle: u64,
}

/// What one stream was told.
#[derive(Default)]
pub(super) struct Ledger {
    pub(super) lifecycle: Vec<Heard>,
    pub(super) gaps: Vec<Gap>,
    pub(super) n_events: u64,
    pub(super) n_bytes: u64,
    /// How often it broke and was opened again.
    pub(super) reopened: u64,
    /// How it broke the contract of event streams, where that was checked.
    pub(super) violation: Option<String>,
    pub(super) ended: BTreeSet<OperationId>,
}

/// Streams that are being read.
pub(super) struct Streams {
    readers: Vec<JoinHandle<Outcome<Ledger>>>,
    /// Tells the stalled one to read.
    wake: Sender<()>,
    last: Arc<OnceLock<OperationId>>,
}

impl Streams {
    /// Opens `count` streams. The first is left unread until the end; the second is checked against the whole contract.
    pub(super) fn open(door: &Door, path: &str, count: usize) -> Outcome<Self> {
        let last = Arc::new(OnceLock::new());
        let (wake, sleeping) = channel();
        let mut sleeping = Some(sleeping);
        let mut readers = Vec::new();
        for number in 0..count {
            let opened = door.connect().and_then(|connection| connection.stream(path, None));
            let lines = opened.doing(|| format!("opening stream {number}"))?;
            let mut reader = Reader {
                door: door.clone(),
                path: path.to_owned(),
                last: Arc::clone(&last),
                last_event_id: String::new(),
                checker: (number == 1).then(Checker::default),
                ledger: Ledger::default(),
            };
            let sleeping = sleeping.take();
            readers.push(thread::spawn(move || reader.run(lines, sleeping.as_ref())));
        }
        Ok(Self { readers, wake, last })
    }

    /// Lets every stream read up to the end of the operation `last`, and gives back what each was told. Something has to
    /// be said after that operation: `nudge` brings it about.
    pub(super) fn finish(
        self,
        last: OperationId,
        nudge: impl FnOnce() -> Outcome<OperationId>,
    ) -> Outcome<Vec<Ledger>> {
        let is_first = self.last.set(last).is_ok();
        assert!(is_first, "BUG: streams are finished once");
        nudge()?;
        self.wake.send(()).doing(|| "waking the stalled stream".to_owned())?;
        let joined = self.readers.into_iter().map(JoinHandle::join);
        joined.map(|ledger| ledger.map_err(|_| Failure::new("a stream panicked"))?).collect()
    }
}

/// The reader of one stream.
struct Reader {
    door: Door,
    path: String,
    last: Arc<OnceLock<OperationId>>,
    last_event_id: String,
    checker: Option<Checker>,
    ledger: Ledger,
}

impl Reader {
    fn run(&mut self, mut lines: Lines, sleeping: Option<&Receiver<()>>) -> Outcome<Ledger> {
        if let Some(sleeping) = sleeping {
            sleeping.recv().doing(|| "waiting to be woken".to_owned())?;
        }
        loop {
            match self.read(&mut lines) {
                Ok(()) => return Ok(std::mem::take(&mut self.ledger)),
                Err(error) if self.ledger.reopened < 10 && error.kind() != io::ErrorKind::InvalidData => {
                    self.ledger.reopened += 1;
                    let id = Some(self.last_event_id.as_str()).filter(|id| !id.is_empty());
                    let opened = self.door.connect().and_then(|connection| connection.stream(&self.path, id));
                    lines = opened.doing(|| "opening a stream again".to_owned())?;
                }
                Err(error) => return Err(Failure::new(format!("reading a stream: {error}"))),
            }
        }
    }

    /// Reads until all has been said.
    fn read(&mut self, lines: &mut Lines) -> io::Result<()> {
        let mut line = String::new();
        let (mut id, mut data) = (String::new(), String::new());
        while !self.is_over() {
            line.clear();
            if lines.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.ledger.n_bytes += line.len() as u64;
            let text = line.trim_end_matches(['\r', '\n']);
            match text.split_once(':') {
                Some(("id", value)) => id = value.trim_start().to_owned(),
                Some(("data", value)) => data.push_str(value.strip_prefix(' ').unwrap_or(value)),
                _ if text.is_empty() && !data.is_empty() => {
                    self.take(&data)?;
                    self.last_event_id.clone_from(&id);
                    data.clear();
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn is_over(&self) -> bool {
        self.last.get().is_some_and(|last| self.ledger.ended.contains(last))
    }

    fn take(&mut self, data: &str) -> io::Result<()> {
        let told: Told = serde_json::from_str(data)?;
        let ledger = &mut self.ledger;
        ledger.n_events += 1;
        if let Some(checker) = &mut self.checker
            && ledger.violation.is_none()
        {
            let event: Event = serde_json::from_str(data)?;
            ledger.violation = checker.observe(&event).err().map(|violation| violation.to_string());
        }
        if told.kind == Kind::StreamGap {
            let number = |field: Option<u64>| field.unwrap_or_default();
            let Extra { from, to, lifecycle } = told.payload;
            ledger.gaps.push(Gap { from: number(from), to: number(to), lifecycle: number(lifecycle) });
        } else if told.kind.is_lifecycle() {
            ledger.lifecycle.push((told.cursor, told.operation_id, told.sequence, told.kind));
        }
        if told.terminal {
            ledger.ended.insert(told.operation_id);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    use serde_json::json;

    use super::*;

    /// One event as the service sends it: a chunk with its id and its data.
    fn chunk(operation: OperationId, number: u64, kind: &str) -> String {
        let terminal = kind == "build_finished";
        let event = json!({
            "operation_id": operation, "sequence": number, "cursor": number, "kind": kind, "terminal": terminal,
            "payload": {"from": 1, "to": 2, "lifecycle": 3},
        });
        let text = format!("id: run:{number}\ndata: {event}\n\n");
        format!("{:x}\r\n{text}\r\n", text.len())
    }

    /// Takes a connection, reads the request, and answers with a stream that begins so.
    fn answered(listener: &TcpListener, chunks: &[String]) -> (TcpStream, String) {
        let (mut socket, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            socket.read_exact(&mut byte).unwrap();
            request.extend(byte);
        }
        socket.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").unwrap();
        socket.write_all(chunks.concat().as_bytes()).unwrap();
        (socket, String::from_utf8(request).unwrap())
    }

    #[test]
    fn a_stream_that_breaks_is_resumed_behind_its_last_event_and_ends_with_the_last_operation() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let door = Door { address: listener.local_addr().unwrap(), token: "secret".to_owned() };
        let operation = OperationId::mint();
        let service = thread::spawn(move || {
            let first = [chunk(operation, 1, "build_started"), chunk(operation, 2, "progress_updated")];
            drop(answered(&listener, &first));
            let rest = [chunk(OperationId::mint(), 3, "stream_gap"), chunk(operation, 4, "build_finished")];
            answered(&listener, &rest).1
        });
        let streams = Streams::open(&door, "/events", 1).unwrap();
        let ledgers = streams.finish(operation, || Ok(operation)).unwrap();
        let request = service.join().unwrap();
        assert!(request.contains("Last-Event-ID: run:2") && request.contains("Bearer secret"), "{request}");
        let [ledger] = &ledgers[..] else { panic!("one stream") };
        assert_eq!(ledger.lifecycle.iter().map(|heard| heard.0).collect::<Vec<_>>(), [1, 4]);
        assert_eq!(ledger.gaps, [Gap { from: 1, to: 2, lifecycle: 3 }]);
        assert_eq!((ledger.n_events, ledger.reopened), (4, 1));
    }
}
