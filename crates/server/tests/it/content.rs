//! The bytes of sources and parts, as a page shows them.

use std::fs;

use packwright::value::ContentHash;
use serde_json::json;

use crate::client::{Ask, Reply};
use crate::support::Studio;

/// A picture of one pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8,
    0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0,
    1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// Puts a file into the registered asset, and has it hashed; gives back where its bytes are served.
fn served(studio: &Studio, name: &str, bytes: &[u8]) -> String {
    studio.tree.write(&format!("game/assets/ui/button/{name}"), bytes);
    assert_eq!(studio.ask("get_status", &json!({"barrier": true})).status, 200);
    let details = studio.ask("get_asset_details", &json!({"selector": "ui/button", "hashes": true}));
    assert_eq!(details.status, 200, "{}", details.text());
    let hash = ContentHash::of(bytes).to_string();
    assert!(details.text().contains(&hash), "{}", details.text());
    format!("/api/v1/projects/{}/content/{hash}", studio.project)
}

fn range(studio: &Studio, path: &str, range: &str) -> Reply {
    studio.known(Ask::new("GET", path)).header("Range", range).send(studio.port())
}

#[test]
fn a_source_is_served_by_its_hash_and_kept_by_the_browser() {
    let studio = Studio::new();
    let path = served(&studio, "icon.png", PNG);
    let reply = studio.get(&path);
    assert_eq!((reply.status, reply.body.as_slice()), (200, PNG));
    assert_eq!(reply.header("content-type"), Some("image/png"));
    assert_eq!(reply.header("cache-control"), Some("private, max-age=31536000, immutable"));
    assert_eq!(reply.header("content-security-policy"), Some("default-src 'none'; sandbox"));
    let tag = reply.header("etag").expect("a tag").to_owned();
    let again = studio.known(Ask::new("GET", &path)).header("If-None-Match", tag).send(studio.port());
    assert_eq!((again.status, again.body.len()), (304, 0));
    let digits = path.replace("blake3:", "");
    assert_eq!(studio.get(&digits).body, PNG, "the digits alone name it too");
}

#[test]
fn a_part_of_it_can_be_asked_for() {
    let studio = Studio::new();
    let bytes: Vec<u8> = (0..1_000_000_u32).map(|n| (n % 251) as u8).collect();
    let path = served(&studio, "long.bin", &bytes);
    assert_eq!(studio.get(&path).body, bytes);
    let part = range(&studio, &path, "bytes=300000-700000");
    assert_eq!((part.status, part.header("content-range")), (206, Some("bytes 300000-700000/1000000")));
    assert_eq!((part.header("content-length"), part.body.as_slice()), (Some("400001"), &bytes[300_000..=700_000]));
    let outside = range(&studio, &path, "bytes=1000000-");
    assert_eq!((outside.status, outside.header("content-range")), (416, Some("bytes */1000000")));
    assert_eq!(outside.code(), "bad_request");
}

#[test]
fn content_past_what_is_held_in_memory_is_served_from_its_file() {
    let studio = Studio::new();
    let bytes: Vec<u8> = (0..(20_u32 << 20)).map(|n| (n / 7 % 253) as u8).collect();
    let path = served(&studio, "huge.bin", &bytes);
    assert!(studio.get(&path).body == bytes);
    assert_eq!(range(&studio, &path, "bytes=-10").body, bytes[bytes.len() - 10..]);
}

#[test]
fn content_of_a_stranger_is_never_anything_that_a_browser_runs() {
    let studio = Studio::new();
    for (name, bytes) in [
        ("x.html", "<script>alert(1)</script>"),
        ("x.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("x.js", "alert(2)"),
    ] {
        let reply = studio.get(&served(&studio, name, bytes.as_bytes()));
        assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/octet-stream")), "{name}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert!(reply.header("content-security-policy").is_some_and(|policy| policy.contains("sandbox")));
    }
    let text = studio.get(&served(&studio, "x.txt", b"<script>alert(3)</script>"));
    assert_eq!(text.header("content-type"), Some("text/plain; charset=utf-8"));
}

#[test]
fn a_picture_has_a_thumbnail_and_a_text_has_none() {
    let studio = Studio::new();
    let picture = studio.get(&(served(&studio, "icon.png", PNG) + "/thumbnail"));
    assert_eq!((picture.status, picture.header("content-type")), (200, Some("image/png")));
    assert!(picture.body.starts_with(b"\x89PNG"));
    let text = studio.get(&(served(&studio, "a.txt", b"Press") + "/thumbnail"));
    assert_eq!((text.status, text.code().as_str()), (404, "not_found"));
    let broken = studio.get(&(served(&studio, "broken.png", &PNG[..40]) + "/thumbnail"));
    assert_eq!((broken.status, broken.code().as_str()), (404, "not_found"));
    let path = served(&studio, "icon.png", PNG) + "/thumbnail";
    for query in ["?side=0", "?side=1025", "?side=x", "?size=10", "?side=-1"] {
        assert_eq!(studio.get(&(path.clone() + query)).status, 422, "{query}");
    }
    assert_eq!(studio.get(&(path + "?side=16")).status, 200);
}

#[test]
fn only_what_the_project_has_now_is_served() {
    let studio = Studio::new();
    let secret = b"of another folder";
    studio.tree.write("game/secret.txt", secret);
    let path = |hash: &str| format!("/api/v1/projects/{}/content/{hash}", studio.project);
    for hash in [
        ContentHash::of(secret).to_string(),
        ContentHash::of(b"nothing").to_string(),
        "..%2f..%2fsecret.txt".to_owned(),
        "secret.txt".to_owned(),
        "blake3:".to_owned(),
    ] {
        let reply = studio.get(&path(&hash));
        assert_eq!((reply.status, reply.code().as_str()), (404, "not_found"), "{hash}");
    }
    let served = served(&studio, "gone.txt", b"for a while");
    assert_eq!(studio.get(&served).status, 200);
    fs::remove_file(studio.tree.at("game/assets/ui/button/gone.txt")).expect("it is there");
    assert_eq!(studio.get(&served).status, 404);
}
