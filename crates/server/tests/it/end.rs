//! The end of the service, and those who are slow.

use std::io::{Read, Write};

use packwright_server::{Holder, Key, Options, Server, StartError, holder_of};
use serde_json::json;

use crate::client::connect;
use crate::support::Studio;

#[test]
fn streams_end_first_and_then_the_service() {
    let studio = Studio::new();
    let mut events = studio.events("");
    events.block().expect("a beginning");
    let port = studio.port();
    studio.server.stop();
    assert_eq!(events.block(), None, "the stream ended, in order");
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn what_waits_is_cancelled_and_answered_at_the_end() {
    let studio = Studio::new();
    let mut events = studio.events("");
    let _lock = studio.occupied();
    let id = studio.ask_async("build", &json!({})).json()["operation_id"].clone();
    studio.server.stop();
    let mut kinds = Vec::new();
    while let Some((_, event)) = events.event() {
        assert_eq!(event["operation_id"], id);
        kinds.push(event["kind"].clone());
    }
    assert_eq!(kinds.first(), Some(&json!("operation_queued")));
}

#[test]
fn an_idle_connection_keeps_nothing_from_ending() {
    let studio = Studio::new();
    let mut idle = connect(studio.port());
    let mut half = connect(studio.port());
    half.write_all(b"GET / HTTP/1.1\r\nHost: 127").expect("it is sent");
    studio.server.stop();
    let mut rest = Vec::new();
    let _ = idle.read_to_end(&mut rest);
    assert!(rest.is_empty());
}

#[test]
fn a_head_that_is_too_long_is_refused() {
    let studio = Studio::new();
    let mut stream = connect(studio.port());
    let head = format!("GET / HTTP/1.1\r\nHost: {}\r\nX: {}\r\n\r\n", studio.host(), "x".repeat(1 << 20));
    // It is refused before all of it is sent.
    let _ = stream.write_all(head.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    assert_eq!(studio.get("/api/v1/projects").status, 200);
}

#[test]
fn a_port_that_is_taken_says_by_whom() {
    let studio = Studio::new();
    let options = Options::new(studio.port(), Key::passing().expect("randomness"));
    let second = Server::start(studio.container.clone(), options);
    assert!(matches!(second, Err(StartError::PortTaken(port)) if port == studio.port()));
    assert_eq!(holder_of(studio.port()), Holder::Packwright);
    let other = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = other.local_addr().expect("an address").port();
    let answering = std::thread::spawn(move || {
        let (mut stream, _) = other.accept().expect("it is asked");
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nServer: another\r\n\r\n");
    });
    assert_eq!(holder_of(port), Holder::Other);
    answering.join().expect("it does not panic");
}
