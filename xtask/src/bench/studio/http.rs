//! As much HTTP/1.1 as the measures need: one connection, one request at a time, or one stream of events.
//!
//! The socket is the measure's own, so that a stream can be left unread for as long as it takes.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than the pause between two heartbeats of a stream.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where the service is, and what opens it.
#[derive(Debug, Clone)]
pub(super) struct Door {
    pub(super) address: SocketAddr,
    pub(super) token: String,
}

/// One connection to it.
pub(super) struct Connection {
    socket: BufReader<TcpStream>,
    /// The lines that every request has.
    always: String,
}

/// The status and the body of an answer.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

/// The lines of a stream of events.
pub(super) type Lines = BufReader<Chunks<BufReader<TcpStream>>>;

/// The head of an answer.
struct Head {
    status: u16,
    length: Option<u64>,
    is_chunked: bool,
}

impl Door {
    pub(super) fn connect(&self) -> io::Result<Connection> {
        let socket = TcpStream::connect(self.address)?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        let always = format!("Host: {}\r\nAuthorization: Bearer {}\r\n", self.address, self.token);
        Ok(Connection { socket: BufReader::with_capacity(64 << 10, socket), always })
    }
}

impl Connection {
    /// Posts JSON and reads the whole answer.
    pub(super) fn post(&mut self, path: &str, json: &str) -> io::Result<Answer> {
        let request = format!(
            "POST {path} HTTP/1.1\r\n{}Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}",
            self.always,
            json.len()
        );
        self.socket.get_mut().write_all(request.as_bytes())?;
        let head = self.head()?;
        let mut body = Vec::new();
        match head.length {
            Some(length) => {
                let read = (&mut self.socket).take(length).read_to_end(&mut body)?;
                if (read as u64) < length {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            None if head.is_chunked => {
                Chunks { socket: &mut self.socket, left: 0 }.read_to_end(&mut body)?;
            }
            None => return Err(invalid("an answer without a length")),
        }
        Ok(Answer { status: head.status, body })
    }

    /// Opens a stream of events; gives back what is to be read line by line.
    pub(super) fn stream(mut self, path: &str, last_event_id: Option<&str>) -> io::Result<Lines> {
        let resumed = last_event_id.map(|id| format!("Last-Event-ID: {id}\r\n")).unwrap_or_default();
        let request = format!("GET {path} HTTP/1.1\r\n{}Accept: text/event-stream\r\n{resumed}\r\n", self.always);
        self.socket.get_mut().write_all(request.as_bytes())?;
        let head = self.head()?;
        match head {
            Head { status: 200, is_chunked: true, .. } => {
                Ok(BufReader::with_capacity(64 << 10, Chunks { socket: self.socket, left: 0 }))
            }
            Head { status: 200, .. } => Err(invalid("a stream that is not chunked")),
            Head { status, .. } => Err(invalid(&format!("status {status} for a stream"))),
        }
    }

    fn head(&mut self) -> io::Result<Head> {
        let first = line(&mut self.socket)?;
        let status = first.split(' ').nth(1).and_then(|word| word.parse().ok());
        let mut head = Head { status: status.ok_or_else(|| invalid("no status"))?, length: None, is_chunked: false };
        loop {
            let line = line(&mut self.socket)?.to_ascii_lowercase();
            match line.split_once(": ") {
                _ if line.is_empty() => return Ok(head),
                Some(("content-length", length)) => head.length = length.parse().ok(),
                Some(("transfer-encoding", "chunked")) => head.is_chunked = true,
                _ => {}
            }
        }
    }
}

/// A body that comes in chunks.
pub(super) struct Chunks<R> {
    socket: R,
    left: u64,
}

impl<R: BufRead> Read for Chunks<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            let length = line(&mut self.socket)?;
            self.left = u64::from_str_radix(&length, 16).map_err(|_| invalid("a chunk without a length"))?;
            if self.left == 0 {
                line(&mut self.socket)?;
                return Ok(0);
            }
        }
        let read = (&mut self.socket).take(self.left).read(buffer)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        if self.left == 0 {
            line(&mut self.socket)?;
        }
        Ok(read)
    }
}

/// One line without its end.
fn line(from: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if from.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    line.truncate(line.trim_end_matches(['\r', '\n']).len());
    Ok(line)
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_put_together_and_end_with_the_empty_one() {
        let mut text = String::new();
        let mut chunks = Chunks { socket: b"3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\nrest".as_slice(), left: 0 };
        chunks.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), chunks.socket), ("abc0123456789", b"rest".as_slice()));
    }

    #[test]
    fn a_body_that_breaks_off_is_an_error() {
        let mut chunks = Chunks { socket: b"a\r\nabc".as_slice(), left: 0 };
        assert_eq!(chunks.read_to_end(&mut Vec::new()).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
    }
}
