//! `list_assets`.

use packwright::Project;
use serde_json::{Value, json};

use super::{ADOPTED, as_json, done, each};
use crate::{call, open};

/// The roots of a list, in its order.
fn roots(project: &Project, more: &Value) -> Vec<String> {
    let mut request = json!({"service": "list_assets"});
    request.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    each(&done(project, &request)["data"]["assets"], "root")
}

/// [`ADOPTED`], built, with a root that nobody registered and a broken one.
fn varied() -> (packwright_testkit::Tree, Project) {
    let (tree, project) = open(ADOPTED);
    done(&project, &json!({"service": "build"}));
    tree.write(
        "assets/loose/asset.json",
        r#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-0000000000ff", "address": "zz/loose"}"#,
    );
    tree.write("assets/loose/long.txt", "a longer text than any other here");
    tree.remove("assets/audio/theme/asset.json");
    done(&project, &json!({"service": "doctor"}));
    (tree, project)
}

#[test]
fn svc_12_every_asset_is_listed_by_address_registered_or_not() {
    let (_tree, project) = varied();
    assert_eq!(
        roots(&project, &json!({})),
        ["ui/button", "ui/icon", "loose", "audio/theme"],
        "without an address last"
    );
}

#[test]
fn each_filter_takes_what_it_says_and_all_of_them_at_once() {
    let (_tree, project) = varied();
    for (filter, expected) in [
        (json!({"text": "ICON"}), vec!["ui/icon"]),
        (json!({"text": "audio"}), vec!["audio/theme"]),
        (json!({"included": true}), vec!["ui/button", "ui/icon"]),
        (json!({"included": false}), vec!["loose", "audio/theme"]),
        (json!({"registered": false}), vec!["loose"]),
        (json!({"quarantined": true}), vec![]),
        (json!({"label": "hud"}), vec!["ui/button"]),
        (json!({"label": "hu"}), vec![]),
        (json!({"importer": "raw"}), vec!["ui/icon"]),
        (json!({"importer": "auto"}), vec!["ui/button", "loose"]),
        (json!({"problems": true}), vec!["audio/theme"]),
        (json!({"state": "diverged"}), vec!["audio/theme"]),
        (json!({"state": "healthy", "registered": true}), vec!["ui/button", "ui/icon"]),
    ] {
        assert_eq!(roots(&project, &json!({"filter": filter})), expected, "{filter}");
    }
}

#[test]
fn each_order_is_settled_by_root_and_turns_round() {
    let (_tree, project) = varied();
    for (sort, expected) in [
        ("address", ["ui/button", "ui/icon", "loose", "audio/theme"]),
        ("root", ["audio/theme", "loose", "ui/button", "ui/icon"]),
        ("asset_id", ["loose", "ui/button", "ui/icon", "audio/theme"]),
        ("bytes", ["audio/theme", "ui/icon", "ui/button", "loose"]),
        ("parts", ["audio/theme", "loose", "ui/button", "ui/icon"]),
        ("last_built", ["audio/theme", "loose", "ui/button", "ui/icon"]),
        ("worst", ["loose", "ui/button", "ui/icon", "audio/theme"]),
    ] {
        assert_eq!(roots(&project, &json!({"sort": sort})), expected, "{sort}");
        let mut turned = expected;
        turned.reverse();
        assert_eq!(roots(&project, &json!({"sort": sort, "descending": true})), turned, "{sort} descending");
    }
}

#[test]
fn pages_follow_each_other_and_end() {
    let (_tree, project) = varied();
    let mut request = json!({"service": "list_assets", "limit": 3});
    let first = done(&project, &request);
    assert_eq!((each(&first["data"]["assets"], "root").len(), &first["data"]["total"]), (3, &4.into()));
    request["cursor"] = first["data"]["next_cursor"].clone();
    let second = done(&project, &request);
    assert_eq!(
        (each(&second["data"]["assets"], "root"), &second["data"]["next_cursor"]),
        (vec!["audio/theme".into()], &Value::Null)
    );
    let whole = done(&project, &json!({"service": "list_assets", "limit": 4}));
    assert_eq!(whole["data"]["next_cursor"], Value::Null);
}

#[test]
fn a_limit_or_cursor_that_is_none_is_a_bad_request() {
    let (_tree, project) = open(ADOPTED);
    for bad in [json!({"limit": 0}), json!({"limit": 10_001}), json!({"cursor": "x"}), json!({"cursor": "-1"})] {
        let mut request = json!({"service": "list_assets"});
        request.as_object_mut().expect("an object").extend(bad.as_object().expect("an object").clone());
        let response = call(&project, &request.to_string());
        assert_eq!(
            (as_json(&response)["blockers"][0]["code"].as_str(), response.exit_code()),
            (Some("bad_request"), 2),
            "{bad}"
        );
    }
    assert_eq!(roots(&project, &json!({"limit": 10_000})).len(), 3);
    assert_eq!(roots(&project, &json!({"cursor": "99"})), [""; 0]);
}

#[test]
fn svc_3_reads_come_from_the_snapshot_and_are_no_operations() {
    let (tree, project) = open(ADOPTED);
    tree.remove("assets/ui");
    let listed = done(&project, &json!({"service": "list_assets"}));
    assert_eq!(
        (listed["data"]["total"].as_u64(), &listed["operation_id"], &listed["revision"]),
        (Some(3), &Value::Null, &1.into())
    );
}
