//! Event streams.

use std::io::{BufReader, Read, Write};
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::{Ask, connect, head};
use crate::support::{How, Studio, open_game};

fn build(studio: &Studio) {
    assert_eq!(studio.ask("build", &json!({})).status, 200);
}

fn is_end(event: &Value) -> bool {
    event["kind"] == "build_finished"
}

#[test]
fn env_4_env_5_a_stream_carries_the_events_of_the_containers_bus_unchanged() {
    let studio = Studio::new();
    let mut heard = studio.container.event_bus().subscribe(packwright::event::Filter::all());
    let mut events = studio.events("");
    build(&studio);
    for event in events.until(is_end) {
        let on_bus = heard.try_next().expect("it was on the bus");
        assert_eq!(event, serde_json::to_value(&*on_bus).expect("JSON"));
    }
}

#[test]
fn emb_5_a_host_that_works_beside_the_service_is_heard_by_the_page_on_the_same_bus() {
    let studio = Studio::new();
    let mut events = studio.events("");
    let bus = studio.container.event_bus();
    let packer = packwright::Packer::builder(bus.clone()).importers(packwright_importers::standard()).build();
    crate::support::make_game(&studio.tree.at("beside"), "beside");
    let project = packer.open(studio.tree.at("beside")).expect("it opens");
    let id = json!(project.id());
    let seen = events.until(|event| event["project_id"] == id && event["terminal"] == true);
    assert_eq!(seen[0]["kind"], "reconcile_started");
}

#[test]
fn a_stream_begins_with_a_place_to_come_back_to() {
    let studio = Studio::new();
    let first = studio.events("").block().expect("a beginning");
    let id = first.lines().find_map(|line| line.strip_prefix("id: ")).expect("an id").to_owned();
    assert!(first.starts_with("retry: "), "{first}");
    build(&studio);
    let mut events = studio.known(Ask::new("GET", "/api/v1/events")).header("Last-Event-ID", &id).open(studio.port());
    assert_eq!(events.until(is_end)[0]["kind"], "operation_queued", "nothing was missed");
    let mut events = studio.events(&format!("?last_event_id={id}"));
    assert_eq!(events.until(is_end)[0]["kind"], "operation_queued");
}

#[test]
fn a_stream_goes_on_after_the_last_event_that_was_seen() {
    let studio = Studio::new();
    let mut events = studio.events("");
    build(&studio);
    let (first, _) = events.event().expect("an event");
    let rest = events.until(is_end);
    let mut resumed =
        studio.known(Ask::new("GET", "/api/v1/events")).header("Last-Event-ID", &first).open(studio.port());
    assert_eq!(resumed.until(is_end), rest);
    let cursors: Vec<_> = rest.iter().filter_map(|event| event["cursor"].as_u64()).collect();
    assert!(cursors.is_sorted_by(|one, next| one < next), "{cursors:?}");
}

#[test]
fn an_id_of_another_run_begins_with_a_gap() {
    let studio = Studio::new();
    build(&studio);
    let of_other = "01990000-0000-7000-8000-000000000001:7";
    let mut events =
        studio.known(Ask::new("GET", "/api/v1/events")).header("Last-Event-ID", of_other).open(studio.port());
    let (id, gap) = events.event().expect("a gap");
    assert_eq!((&gap["kind"], &gap["payload"]["other_run"]), (&json!("stream_gap"), &json!(&of_other[..36])));
    assert!(id.ends_with(":0") && !id.starts_with(&of_other[..36]), "{id}");
    assert!(events.until(is_end).len() > 3, "and then comes what there is of this run");
}

#[test]
fn only_what_is_asked_for_comes() {
    let studio = Studio::new();
    let other = open_game(&studio.container, studio.tree.path(), "other");
    let mut events = studio.events(&format!("?projects={other}&kinds=build_started,build_finished"));
    build(&studio);
    assert_eq!(studio.post(&format!("/api/v1/projects/{other}/services/build"), &json!({})).status, 200);
    let seen = events.until(is_end);
    let kinds: Vec<_> = seen.iter().map(|event| event["kind"].clone()).collect();
    assert_eq!(kinds, ["build_started", "build_finished"]);
    assert!(seen.iter().all(|event| event["project_id"] == other.as_str()));
}

#[test]
fn what_there_is_not_cannot_be_asked_for() {
    let studio = Studio::new();
    let no_project = "01990000-0000-7000-8000-000000000001";
    for query in [
        "kinds=nonsense".to_owned(),
        "projects=nonsense".to_owned(),
        format!("projects={no_project}"),
        "kind=build_started".to_owned(),
        "kinds=build_started&kinds=build_finished".to_owned(),
        "last_event_id=7".to_owned(),
        "last_event_id=nonsense:7".to_owned(),
    ] {
        let reply = studio.get(&format!("/api/v1/events?{query}"));
        assert_eq!((reply.status, reply.code().as_str()), (422, "bad_request"), "{query}");
    }
}

#[test]
fn where_nothing_happens_the_stream_says_that_it_is_there() {
    let studio = Studio::with(How { heartbeat: Duration::from_millis(20), ..How::default() });
    let mut events = studio.events("?kinds=stream_gap");
    events.block().expect("a beginning");
    for _ in 0..3 {
        assert_eq!(events.block().as_deref(), Some(": still here"));
    }
}

#[test]
fn evt_4_a_client_that_does_not_read_holds_up_nobody_and_finds_all_of_it_later() {
    let studio = Studio::new();
    let stalled: Vec<_> = (0..8).map(|_| studio.events("")).collect();
    let mut reading = studio.events("?kinds=action_applied");
    for n in 0..200 {
        let service = if n % 2 == 0 { "exclude_asset_from_build" } else { "include_asset_in_build" };
        assert_eq!(studio.ask(service, &json!({"selectors": ["ui/button"]})).status, 200);
        assert_eq!(reading.event().expect("it is told").1["kind"], "action_applied");
    }
    for mut events in stalled {
        let mut applied = 0;
        while applied < 200 {
            let (_, event) = events.event().expect("the stream goes on");
            applied += usize::from(event["kind"] == "action_applied");
        }
    }
}

#[test]
fn there_are_only_so_many_streams() {
    let studio = Studio::new();
    let mut streams: Vec<_> = (0..64).map(|_| studio.events("")).collect();
    let refused = studio.get("/api/v1/events");
    assert_eq!((refused.status, refused.code().as_str()), (429, "over_limit"));
    assert_eq!(studio.get("/api/v1/projects").status, 200);
    streams.pop();
    // The place is free when the service has seen that the client is gone.
    loop {
        let ask = studio.known(Ask::new("GET", "/api/v1/events"));
        let mut stream = connect(studio.port());
        stream.write_all(&ask.bytes()).expect("it is sent");
        let mut reader = BufReader::new(stream);
        let (status, _) = head(&mut reader).expect("an answer");
        if status == 200 {
            let mut byte = [0];
            reader.read_exact(&mut byte).expect("it begins");
            break;
        }
        build(&studio);
    }
}
