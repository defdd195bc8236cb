//! How a browser comes to be known, and stays so.

use packwright_server::Key;

use crate::client::{Ask, Reply};
use crate::support::{How, Studio};

fn launch_path(studio: &Studio) -> String {
    let url = studio.server.launch_url();
    let path = url.strip_prefix(&format!("http://{}", studio.host())).expect("its own address");
    path.to_owned()
}

/// As a browser asks, with the cookie it has.
fn browse(studio: &Studio, path: &str, cookie: Option<&str>) -> Reply {
    let ask = Ask::new("GET", path).header("Host", studio.host()).header("Accept", "text/html,*/*");
    ask.maybe("Cookie", cookie).header("Sec-Fetch-Site", "none").send(studio.port())
}

/// The cookie that an answer sets, as it is sent back.
fn cookie(reply: &Reply) -> String {
    let text = reply.header("set-cookie").expect("a cookie");
    assert!(text.ends_with("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict"), "{text}");
    text.split(';').next().unwrap_or_default().to_owned()
}

#[test]
fn a_launch_code_becomes_a_cookie_once() {
    let studio = Studio::new();
    let path = launch_path(&studio);
    let reply = browse(&studio, &path, None);
    assert_eq!((reply.status, reply.header("location")), (303, Some("/")));
    let cookie = cookie(&reply);
    assert_eq!(browse(&studio, "/", Some(&cookie)).status, 200);
    let others = format!("theme=dark; {cookie}; other=1");
    assert_eq!(browse(&studio, "/api/v1/projects", Some(&others)).status, 200);

    let again = browse(&studio, &path, None);
    assert_eq!((again.status, again.header("set-cookie")), (401, None));
    let known = browse(&studio, &path, Some(&cookie));
    assert_eq!((known.status, known.header("location"), known.header("set-cookie")), (303, Some("/"), None));
}

#[test]
fn a_launch_code_is_none_where_it_did_not_come_from_the_user() {
    let studio = Studio::new();
    let path = launch_path(&studio);
    let ask = Ask::new("GET", &path).header("Host", studio.host());
    assert_eq!(ask.clone().header("Sec-Fetch-Site", "cross-site").send(studio.port()).status, 403);
    assert_eq!(Ask { method: "POST", ..ask.clone() }.send(studio.port()).status, 401);
    let elsewhere = Ask { path: path.replace("/?", "/api/v1/projects?"), ..ask.clone() };
    assert_eq!(elsewhere.send(studio.port()).status, 401);
    assert_eq!(ask.send(studio.port()).status, 303, "and none of that used it up");
}

#[test]
fn a_cookie_outlives_the_service_and_the_token_does_not() {
    let key = Key::passing().expect("randomness");
    let studio = Studio::with(How { key: key.clone(), ..How::default() });
    let (port, token) = (studio.port(), studio.server.token().to_owned());
    let cookie = cookie(&browse(&studio, &launch_path(&studio), None));
    studio.server.stop();

    let restarted = Studio::with(How { port, key, ..How::default() });
    assert_eq!(browse(&restarted, "/", Some(&cookie)).status, 200);
    let ask = Ask::new("GET", "/").header("Host", restarted.host());
    assert_eq!(ask.header("Authorization", format!("Bearer {token}")).send(port).status, 401);
}

#[test]
fn a_cookie_that_was_forged_or_is_anothers_is_none() {
    let (studio, other) = (Studio::new(), Studio::new());
    let good = cookie(&browse(&studio, &launch_path(&studio), None));
    let of_other = cookie(&browse(&other, &launch_path(&other), None));
    let renamed = of_other.replace(&other.port().to_string(), &studio.port().to_string());
    let (name, value) = good.split_once('=').expect("a name");
    let mut words: Vec<&str> = value.split('.').collect();
    words[1] = "99999999999";
    let longer = format!("{name}={}", words.join("."));
    for forged in [of_other, renamed, longer, format!("{name}="), format!("{name}x={value}"), value.to_owned()] {
        assert_eq!(browse(&studio, "/", Some(&forged)).status, 401, "{forged}");
    }
    assert_eq!(browse(&studio, "/", Some(&good)).status, 200);
}

#[test]
fn who_is_not_known_is_told_what_to_do_in_words() {
    let studio = Studio::new();
    let page = browse(&studio, "/", None);
    assert_eq!((page.status, page.header("content-type")), (401, Some("text/html; charset=utf-8")));
    assert!(page.text().contains("open the address that it printed"), "{}", page.text());
    let json = Ask::new("GET", "/api/v1/projects").header("Host", studio.host()).send(studio.port());
    assert_eq!((json.status, json.code().as_str()), (401, "unauthorized"));
}

#[test]
fn a_wrong_token_is_refused_though_the_cookie_is_right() {
    let studio = Studio::new();
    let cookie = cookie(&browse(&studio, &launch_path(&studio), None));
    let ask = Ask::new("GET", "/api/v1/projects").header("Host", studio.host()).header("Cookie", cookie);
    assert_eq!(ask.clone().send(studio.port()).status, 200);
    assert_eq!(ask.header("Authorization", "Bearer wrong").send(studio.port()).status, 401);
}
