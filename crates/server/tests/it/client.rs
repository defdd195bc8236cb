//! A small HTTP client that sends what it is told, right or wrong.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Much longer than any test: who waits so long is stuck.
pub(crate) const STUCK: Duration = Duration::from_secs(60);

/// One request; what is not said is as a program of the user's sends it.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Ask {
    pub(crate) fn new(method: &'static str, path: &str) -> Self {
        Self { method, path: path.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Whether the header is set, if there is a value.
    pub(crate) fn maybe(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.header(name, value),
            None => self,
        }
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.header("Content-Type", "application/json").body(body.to_string())
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\nConnection: close\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            text += &format!("{name}: {value}\r\n");
        }
        if !self.body.is_empty() {
            text += &format!("Content-Length: {}\r\n", self.body.len());
        }
        [text.as_bytes(), b"\r\n", &self.body].concat()
    }

    /// Sends it, and reads the whole answer.
    pub(crate) fn send(&self, port: u16) -> Reply {
        self.send_raw(port, b"")
    }

    /// Sends it with more behind, which it says itself how to read; and reads the whole answer.
    pub(crate) fn send_raw(&self, port: u16, behind: &[u8]) -> Reply {
        let mut stream = connect(port);
        // It may be answered, and the connection closed, before all of the body is sent.
        let _ = stream.write_all(&[&self.bytes(), behind].concat());
        let mut reader = BufReader::new(stream);
        let (status, headers) = head(&mut reader).expect("an answer");
        let mut reply = Reply { status, headers, body: Vec::new() };
        let _ = reader.read_to_end(&mut reply.body);
        if reply.header("transfer-encoding") == Some("chunked") {
            reply.body = unchunked(&reply.body);
        }
        reply
    }

    /// Sends it, and reads the answer as it comes.
    pub(crate) fn open(&self, port: u16) -> Lines {
        let mut stream = connect(port);
        stream.write_all(&self.bytes()).expect("it is sent");
        let mut reader = BufReader::new(stream);
        let (status, headers) = head(&mut reader).expect("an answer");
        assert_eq!(status, 200, "{headers:?}");
        Lines { reader, left: String::new() }
    }
}

/// A connection to the service.
pub(crate) fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).expect("the service listens");
    stream.set_read_timeout(Some(STUCK)).expect("a timeout");
    stream
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The code of the first blocker.
    pub(crate) fn code(&self) -> String {
        self.json()["blockers"][0]["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// The head of an answer; `None` where the connection ended before it.
pub(crate) fn head(reader: &mut impl BufRead) -> Option<(u16, Vec<(String, String)>)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
    let status = line.split(' ').nth(1)?.parse().ok()?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.to_owned())),
            None => return Some((status, headers)),
        }
    }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let end = body.windows(2).position(|two| two == b"\r\n").expect("the length of a chunk");
        let length = std::str::from_utf8(&body[..end]).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
        let length = length.expect("a length");
        if length == 0 {
            return whole;
        }
        whole.extend(&body[end + 2..end + 2 + length]);
        body = &body[end + 2 + length + 2..];
    }
}

/// An event stream, as it comes: chunks are taken apart, events are blocks of lines.
pub(crate) struct Lines {
    reader: BufReader<TcpStream>,
    left: String,
}

impl Lines {
    /// The next block, its lines with it; `None` when the stream has ended.
    pub(crate) fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.left.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.left = rest;
                return Some(block);
            }
            let mut line = String::new();
            self.reader.read_line(&mut line).ok().filter(|n| *n > 0)?;
            let length = usize::from_str_radix(line.trim_end(), 16).expect("the length of a chunk");
            let mut chunk = vec![0; length + 2];
            self.reader.read_exact(&mut chunk).ok()?;
            if length == 0 {
                return None;
            }
            self.left += std::str::from_utf8(&chunk[..length]).expect("text");
        }
    }

    /// The next event: its id and data. Comments and hints are passed over.
    pub(crate) fn event(&mut self) -> Option<(String, Value)> {
        loop {
            let block = self.block()?;
            let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).map(str::to_owned);
            if let Some(data) = field("data: ") {
                return Some((field("id: ").expect("an id"), serde_json::from_str(&data).expect("JSON")));
            }
        }
    }

    /// The data of the events up to the first that is wanted.
    pub(crate) fn until(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        let mut seen = Vec::new();
        loop {
            let (_, event) = self.event().expect("the stream goes on");
            let is_last = is_wanted(&event);
            seen.push(event);
            if is_last {
                return seen;
            }
        }
    }
}
