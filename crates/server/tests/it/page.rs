//! The page's files.

use packwright_testkit::Tree;

use crate::support::{How, Studio};

/// The address of the page's script, as the page names it.
fn script(studio: &Studio) -> String {
    let index = studio.get("/").text();
    let at = index.find("/page/").expect("the page names its files");
    index[at..].split('"').next().unwrap_or_default().to_owned()
}

#[test]
fn the_page_names_its_files_by_their_content_and_they_are_kept_for_ever() {
    let studio = Studio::new();
    let index = studio.get("/");
    assert_eq!(index.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(index.header("cache-control"), Some("no-cache"));
    let script = studio.get(&script(&studio));
    assert_eq!(script.status, 200);
    assert!(script.header("cache-control").is_some_and(|caching| caching.contains("immutable")));
}

#[test]
fn who_works_on_the_page_has_it_read_anew_each_time() {
    let tree = Tree::from_text(
        "-- page/index.html --\n<script src=\"{{page}}/main.js\"></script>\n-- page/main.js --\none\n-- secret --\nx\n",
    );
    let studio = Studio::with(How { page: Some(tree.at("page")), ..How::default() });
    let path = script(&studio);
    let first = studio.get(&path);
    assert_eq!((first.text().as_str(), first.header("cache-control")), ("one\n", Some("no-store")));
    assert_eq!(first.header("content-type"), Some("text/javascript; charset=utf-8"));
    tree.write("page/main.js", "two");
    assert_eq!(studio.get(&path).text(), "two");
    for outside in
        ["/page/now/../secret", "/page/now/..%2fsecret", "/page/now/%2e%2e/secret", "/page/now//secret", "/page/now/"]
    {
        assert_eq!(studio.get(outside).status, 404, "{outside}");
    }
}
