//! Who comes in: every way to be a stranger, on every route.

use serde_json::json;

use crate::client::Ask;
use crate::support::Studio;

/// A header that is sent, or not; and whether it is in order.
struct Case {
    value: Option<String>,
    is_right: bool,
}

fn right(value: Option<&str>) -> Case {
    Case { value: value.map(str::to_owned), is_right: true }
}

fn wrong(value: &str) -> Case {
    Case { value: Some(value.to_owned()), is_right: false }
}

/// The routes with what each answers to who is known, and asks for it rightly.
fn routes(studio: &Studio) -> Vec<(&'static str, String, u16)> {
    let (project, none) = (&studio.project, "01990000-0000-7000-8000-000000000001");
    let hash = "00".repeat(32);
    vec![
        ("GET", "/".to_owned(), 200),
        ("GET", "/page/none/main.js".to_owned(), 404),
        ("GET", "/api/v1/projects".to_owned(), 200),
        ("POST", "/api/v1/projects".to_owned(), 422),
        ("POST", studio.service("get_status"), 200),
        ("GET", format!("/api/v1/projects/{project}/operations/{none}"), 404),
        ("DELETE", format!("/api/v1/projects/{project}/operations/{none}"), 404),
        ("GET", "/api/v1/events?kinds=none".to_owned(), 422),
        ("GET", "/api/v1/openapi.json".to_owned(), 200),
        ("GET", "/nowhere".to_owned(), 404),
        ("GET", format!("/api/v1/projects/{project}/content/{hash}"), 404),
        ("GET", format!("/api/v1/projects/{project}/content/{hash}/thumbnail"), 404),
    ]
}

fn hosts(port: u16) -> Vec<Case> {
    vec![
        right(Some(&format!("127.0.0.1:{port}"))),
        right(Some(&format!("localhost:{port}"))),
        Case { value: None, is_right: false },
        wrong("127.0.0.1"),
        wrong(&format!("127.0.0.1:{}", port ^ 1)),
        wrong(&format!("evil.example:{port}")),
        wrong(&format!("127.0.0.1.evil.example:{port}")),
        wrong(&format!("[::1]:{port}")),
        wrong(&format!("0.0.0.0:{port}")),
    ]
}

fn origins(port: u16) -> Vec<Case> {
    vec![
        right(None),
        right(Some("ours")),
        wrong("null"),
        wrong("https://evil.example"),
        wrong(&format!("https://127.0.0.1:{port}")),
        wrong(&format!("http://127.0.0.1:{}", port ^ 1)),
        wrong(""),
    ]
}

fn sites() -> Vec<Case> {
    vec![
        right(None),
        right(Some("same-origin")),
        right(Some("none")),
        wrong("cross-site"),
        wrong("same-site"),
        wrong("anything"),
    ]
}

fn tokens(token: &str) -> Vec<Case> {
    vec![
        right(Some(&format!("Bearer {token}"))),
        right(Some(&format!("bearer {token}"))),
        Case { value: None, is_right: false },
        wrong("Bearer"),
        wrong(&format!("Bearer {}", "0".repeat(64))),
        wrong(&format!("Bearer {}", &token[..63])),
        wrong(&format!("Basic {token}")),
        wrong(token),
    ]
}

#[test]
fn a_stranger_comes_in_nowhere_and_is_told_nothing() {
    let studio = Studio::new();
    let port = studio.port();
    let mut asked = 0;
    for (method, path, ends) in routes(&studio) {
        for host in hosts(port) {
            for origin in origins(port) {
                for site in sites() {
                    // One header wrong at a time, and each pair of them; not all at once with every token.
                    let n_wrong = [&host, &origin, &site].iter().filter(|case| !case.is_right).count();
                    for token in tokens(studio.server.token()).into_iter().take(if n_wrong == 0 { 8 } else { 3 }) {
                        if n_wrong > 1 && asked % 7 != 0 {
                            asked += 1;
                            continue;
                        }
                        asked += 1;
                        let own = host.value.as_ref().map(|host| format!("http://{host}"));
                        let origin_said = match origin.value.as_deref() {
                            Some("ours") => own.or(Some("http://x".to_owned())),
                            said => said.map(str::to_owned),
                        };
                        let mut ask = Ask::new(method, &path)
                            .maybe("Host", host.value.as_deref())
                            .maybe("Origin", origin_said.as_deref())
                            .maybe("Sec-Fetch-Site", site.value.as_deref())
                            .maybe("Authorization", token.value.as_deref());
                        if method == "POST" {
                            ask = ask.json(&json!({}));
                        }
                        let reply = ask.send(port);
                        let expected = match (n_wrong, token.is_right) {
                            (0, true) => ends,
                            (0, false) => 401,
                            _ => 403,
                        };
                        assert_eq!(reply.status, expected, "{ask:?}");
                        assert_eq!(reply.header("access-control-allow-origin"), None);
                        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
                        if expected == 401 || expected == 403 {
                            assert!(!reply.text().contains(&studio.project), "{}", reply.text());
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn a_header_that_is_sent_twice_is_no_header_of_ours() {
    let studio = Studio::new();
    let host = studio.host();
    for (name, value) in [("Host", host.as_str()), ("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site")]
    {
        let ask = studio.known(Ask::new("GET", "/api/v1/projects"));
        let ask = ask.header("Origin", format!("http://{host}")).header("Sec-Fetch-Site", "same-origin");
        let reply = ask.header(name, value).send(studio.port());
        assert!(matches!(reply.status, 400 | 403), "{name}: {}", reply.status);
    }
}

#[test]
fn an_address_that_names_another_host_is_refused() {
    let studio = Studio::new();
    let reply = studio.get("http://evil.example/api/v1/projects");
    assert_eq!((reply.status, reply.code().as_str()), (403, "forbidden"));
    assert_eq!(studio.get(&format!("http://{}/api/v1/projects", studio.host())).status, 200);
}

#[test]
fn what_changes_something_is_a_post_with_json_and_nothing_else() {
    let studio = Studio::new();
    let path = studio.service("build");
    for kind in [None, Some("text/plain"), Some("application/x-www-form-urlencoded"), Some("multipart/form-data; a=b")]
    {
        let ask = studio.known(Ask::new("POST", &path)).maybe("Content-Type", kind).body("{}");
        assert_eq!(ask.send(studio.port()).status, 415, "{kind:?}");
    }
    for kind in ["application/json", "Application/JSON; charset=utf-8"] {
        let ask = studio.known(Ask::new("POST", &studio.service("get_status"))).header("Content-Type", kind).body("{}");
        assert_eq!(ask.send(studio.port()).status, 200, "{kind}");
    }
    for method in ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
        let reply = studio.known(Ask::new(method, &path)).send(studio.port());
        assert_eq!(reply.status, 405, "{method}");
        assert!(reply.headers.iter().all(|(name, _)| !name.starts_with("access-control")), "{reply:?}");
    }
}

#[test]
fn every_answer_says_what_a_browser_may_do_with_it() {
    let studio = Studio::new();
    let stranger = Ask::new("GET", "/").header("Host", studio.host()).send(studio.port());
    for reply in [studio.get("/"), studio.get("/nowhere"), studio.get("/api/v1/projects"), stranger] {
        let policy = reply.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
        assert_eq!(reply.header("cross-origin-resource-policy"), Some("same-origin"));
        assert_eq!(reply.header("cross-origin-opener-policy"), Some("same-origin"));
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(reply.header("server"), Some("packwright"));
    }
}
