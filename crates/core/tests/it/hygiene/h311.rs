//! H311, quarantine-old.

use packwright::diagnose::{Code, Severity};

use super::{codes_after, only, untidy};

fn entry(day: &str) -> String {
    format!("quarantine/{day}-ui-button-7f3a/entry.json")
}

#[test]
fn doc_2_an_entry_of_long_ago_is_found_h311() {
    let tree = untidy(|tree| tree.write(&entry("2020-02-03"), "{}"));
    let found = only(&tree, Code::H311, "quarantine/2020-02-03-ui-button-7f3a");
    assert!(found.message.starts_with("`2020-02-03-ui-button-7f3a` has been in quarantine for "), "{}", found.message);
    assert_eq!(found.severity, Severity::Info);
}

#[test]
fn an_entry_of_today_and_a_folder_that_is_none_are_left_alone_h311() {
    let today = jiff::Timestamp::now().to_string();
    let codes = codes_after(|tree| {
        tree.write(&entry(&today[..10]), "{}");
        tree.write(&entry("2999-01-01"), "{}");
        tree.write("quarantine/notes/2020-01-01.txt", "mine");
    });
    assert_eq!(codes, []);
}
