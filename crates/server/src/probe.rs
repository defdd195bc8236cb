//! Who holds a port that is wanted.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// How long to wait for each step of its answer.
const PATIENCE: Duration = Duration::from_secs(2);
/// How much of its answer is read.
const MAX_HEAD: u64 = 8 << 10;

/// The name that this service gives itself in `Server`.
pub(crate) const SERVER: &str = "packwright";

/// Who holds a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A service of this kind.
    Packwright,
    /// Something else, or something that does not answer.
    Other,
}

/// Asks whoever holds the port of this machine who it is.
#[must_use]
pub fn holder_of(port: u16) -> Holder {
    match head_of(port) {
        Ok(head) if names_us(&head) => Holder::Packwright,
        _ => Holder::Other,
    }
}

fn head_of(port: u16) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = format!("GET /api/v1/projects HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut head = Vec::new();
    // What came before it stopped is enough.
    let _ = stream.take(MAX_HEAD).read_to_end(&mut head);
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn names_us(head: &str) -> bool {
    let mut lines = head.split("\r\n").take_while(|line| !line.is_empty());
    lines.next().is_some_and(|first| first.starts_with("HTTP/1.1 "))
        && lines
            .filter_map(|line| line.split_once(": "))
            .any(|(name, value)| name.eq_ignore_ascii_case("server") && value == SERVER)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_head_of_an_answer_says_who_it_is_of() {
        assert!(names_us("HTTP/1.1 401 Unauthorized\r\nserver: packwright\r\n\r\n"));
        assert!(!names_us("HTTP/1.1 200 OK\r\nserver: another\r\n\r\nserver: packwright\r\n"));
        assert!(!names_us("SSH-2.0\r\nserver: packwright\r\n\r\n"));
    }
}
