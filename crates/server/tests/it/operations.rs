//! Operations that go on while nobody waits.

use std::io::Write;

use serde_json::{Value, json};

use crate::client::{Ask, connect};
use crate::support::{Studio, open_game};

fn id(answer: &Value) -> String {
    answer["operation_id"].as_str().expect("an operation").to_owned()
}

/// The terminal event of an operation.
fn ends(id: &str) -> impl Fn(&Value) -> bool {
    move |event| event["operation_id"] == id && event["terminal"] == true
}

#[test]
fn an_operation_that_is_not_waited_for_is_told_by_its_id() {
    let studio = Studio::new();
    let mut events = studio.events("?kinds=build_finished");
    let lock = studio.occupied();
    let asked = studio.ask_async("build", &json!({}));
    assert_eq!((asked.status, asked.header("preference-applied")), (202, Some("respond-async")));
    let answer = asked.json();
    assert_eq!((&answer["status"], &answer["service"]), (&json!("running"), &json!("build")));
    let path = studio.operation(&id(&answer));
    assert_eq!(asked.header("location"), Some(path.as_str()));
    let running = studio.get(&path);
    assert_eq!((running.status, &running.json()["status"]), (202, &json!("running")));
    drop(lock);
    events.until(ends(&id(&answer)));
    let ended = wait_for(&studio, &path);
    assert_eq!((&ended["status"], &ended["data"]["outcome"]), (&json!("ok"), &json!("built")));
    assert_eq!(id(&ended), id(&answer));
}

/// The answer, which is there a moment after the last event.
fn wait_for(studio: &Studio, path: &str) -> Value {
    loop {
        let reply = studio.get(path);
        if reply.status != 202 {
            return reply.json();
        }
        std::thread::yield_now();
    }
}

#[test]
fn an_operation_can_be_cancelled_and_says_so() {
    let studio = Studio::new();
    let lock = studio.occupied();
    let (first, second) = (studio.ask_async("build", &json!({})).json(), studio.ask_async("build", &json!({})).json());
    for asked in [&second, &first] {
        let path = studio.operation(&id(asked));
        let cancelled = studio.delete(&path);
        assert!(matches!(cancelled.status, 200 | 202), "{}", cancelled.text());
        assert_eq!(wait_for(&studio, &path)["status"], "cancelled");
        let again = studio.delete(&path);
        assert_eq!((again.status, &again.json()["status"]), (200, &json!("cancelled")), "it stays as it ended");
    }
    drop(lock);
    assert_eq!(studio.ask("build", &json!({})).json()["data"]["outcome"], "built", "no trace is left");
}

#[test]
fn who_asks_and_goes_away_stops_nothing() {
    let studio = Studio::new();
    let mut events = studio.events("");
    let lock = studio.occupied();
    let body = "{}";
    let request = format!(
        "POST {} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        studio.service("build"),
        studio.host(),
        studio.server.token(),
        body.len()
    );
    let mut stream = connect(studio.port());
    stream.write_all(request.as_bytes()).expect("it is sent");
    let queued = events.until(|event| event["kind"] == "operation_queued").pop().expect("it waits");
    drop(stream);
    drop(lock);
    let ended = events.until(ends(&id(&queued))).pop().expect("its end");
    assert_eq!((&ended["kind"], &ended["payload"]["status"]), (&json!("build_finished"), &json!("ok")));
    let answer = wait_for(&studio, &studio.operation(&id(&queued)));
    assert_eq!(answer["data"]["outcome"], "built", "and its answer is kept");
}

#[test]
fn answers_are_kept_for_a_while_and_then_history_has_them() {
    let studio = Studio::new();
    let first = id(&studio.ask("exclude_asset_from_build", &json!({"selectors": ["ui/button"]})).json());
    let path = studio.operation(&first);
    assert_eq!(studio.get(&path).status, 200);
    for _ in 0..256 {
        assert_eq!(
            studio.ask("exclude_asset_from_build", &json!({"selectors": ["none"], "mode": "preview"})).status,
            409
        );
    }
    let gone = studio.get(&path);
    assert_eq!((gone.status, gone.code().as_str()), (404, "not_found"));
    assert!(gone.text().contains("get_history"), "{}", gone.text());
    let history = studio.ask("get_history", &json!({})).json();
    assert_eq!(history["data"]["operations"][0]["operation_id"], first);
}

#[test]
fn con_2_a_project_that_is_occupied_holds_up_no_other() {
    let studio = Studio::new();
    let other = open_game(&studio.container, studio.tree.path(), "other");
    let lock = studio.occupied();
    let waiting: Vec<_> = (0..20).map(|_| id(&studio.ask_async("build", &json!({})).json())).collect();
    let path = format!("/api/v1/projects/{other}/services/build");
    let built = studio.post(&path, &json!({}));
    assert_eq!((built.status, &built.json()["data"]["outcome"]), (200, &json!("built")));
    assert_eq!(studio.ask("list_assets", &json!({})).status, 200, "reads of the other go on as well");
    assert_eq!(studio.get(&studio.operation(&waiting[19])).status, 202);
    drop(lock);
    assert_eq!(wait_for(&studio, &studio.operation(&waiting[19]))["status"], "ok");
}

#[test]
fn con_3_the_order_of_work_is_the_lanes_and_is_told_as_it_is() {
    let studio = Studio::new();
    let lock = studio.occupied();
    let asked: Vec<_> = (0..3).map(|_| id(&studio.ask_async("build", &json!({})).json())).collect();
    let status = studio.ask("get_status", &json!({})).json();
    let lane = &status["data"]["lane"];
    assert_eq!(lane["running"]["operation_id"], asked[0], "{lane}");
    let queued: Vec<_> = lane["queued"].as_array().into_iter().flatten().map(id).collect();
    assert_eq!(queued, asked[1..]);
    drop(lock);
    wait_for(&studio, &studio.operation(&asked[2]));
}

#[test]
fn a_preference_that_is_none_of_ours_changes_nothing() {
    let studio = Studio::new();
    let ask = |prefer: &str| {
        let ask = studio.known(Ask::new("POST", &studio.service("doctor"))).header("Prefer", prefer);
        ask.json(&json!({})).send(studio.port()).status
    };
    assert_eq!(ask("wait=10"), 200);
    assert_eq!(ask("wait=10, respond-async"), 202);
    assert_eq!(studio.ask_async("list_assets", &json!({})).status, 200, "a read is no operation");
}
