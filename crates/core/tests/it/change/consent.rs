//! What moves or destroys authored files is done only where somebody said yes to a plan.

use serde_json::json;

use super::{GAME, answer, applying, blocked, done, each, plan, quarantine};
use crate::open;

#[test]
fn safe_1_what_moves_or_destroys_is_refused_without_consent_and_the_plan_is_shown() {
    let (tree, project) = open(GAME);
    let entry = super::entry_of(&super::agreed(&project, &quarantine(&["audio/theme"])));
    let before = tree.authored();
    for (request, natures) in [
        (quarantine(&["ui/icon"]), json!(["relocational"])),
        (json!({"service": "remove_asset", "selectors": ["ui/icon"], "files": "delete"}), json!(["destructive"])),
        (json!({"service": "relocate_asset", "selector": "ui/icon", "to": "ui/star"}), json!(["relocational"])),
        (json!({"service": "restore_quarantined", "entry_id": entry}), json!(["relocational"])),
        (json!({"service": "purge_quarantined", "entry_ids": [entry]}), json!(["destructive"])),
    ] {
        let refused = answer(&project, &request);
        assert_eq!(
            (&refused["status"], &refused["data"]["plan"]["consent_required"]),
            (&json!("blocked"), &natures),
            "{request}"
        );
        assert_eq!(each(&refused["blockers"], "code"), ["consent_required"], "{request}");
        assert_eq!(refused["proposed_actions"], refused["data"]["plan"]["actions"], "{request}");
        assert_eq!(refused["applied_actions"], json!([]));
        assert_eq!(tree.authored(), before, "{request}");
    }
}

#[test]
fn safe_1_consent_to_one_nature_is_none_to_another() {
    let (tree, project) = open(GAME);
    let before = tree.authored();
    let plan = plan(&project, &json!({"service": "remove_asset", "selectors": ["ui/icon"], "files": "delete"}));
    for consent in [json!([]), json!(["relocational"]), json!(["additive", "edit"])] {
        let request = json!({"service": "remove_asset", "plan_id": plan["plan_id"], "consent": consent});
        assert_eq!(blocked(&project, &request), ["consent_required"], "{consent}");
        assert_eq!(tree.authored(), before);
    }
    done(&project, &applying(&plan));
    assert!(!tree.at("assets/ui/icon").exists(), "a refusal does not use a plan up");
}

#[test]
fn the_plan_of_a_refusal_can_be_applied() {
    let (tree, project) = open(GAME);
    let refused = answer(&project, &quarantine(&["ui/icon"]));
    done(&project, &applying(&refused["data"]["plan"]));
    assert!(!tree.at("assets/ui/icon").exists());
}

#[test]
fn prev_1_what_needs_no_consent_is_done_at_once_and_can_be_previewed_all_the_same() {
    let (tree, project) = open(GAME);
    let before = tree.authored();
    let request = json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]});
    let plan = plan(&project, &request);
    assert_eq!((&plan["consent_required"], tree.authored()), (&json!([]), before));
    let answer = done(&project, &request);
    assert_eq!(answer["applied_actions"], plan["actions"]);
}

#[test]
fn a_deleted_asset_is_gone_and_only_it() {
    let (tree, project) = open(GAME);
    let mut expected = tree.authored();
    let bytes: usize =
        expected.iter().filter(|(path, _)| path.starts_with("assets/ui/icon/")).map(|(_, bytes)| bytes.len()).sum();
    expected.retain(|path, _| !path.starts_with("assets/ui/icon/") && path != super::REGISTRY);
    let answer =
        super::agreed(&project, &json!({"service": "remove_asset", "selectors": ["ui/icon"], "files": "delete"}));
    let mut now = tree.authored();
    now.remove(super::REGISTRY);
    assert_eq!(now, expected);
    let delete = &answer["applied_actions"][0];
    assert_eq!(
        (&delete["kind"], &delete["files"], &delete["bytes"]),
        (&"delete_root".into(), &3.into(), &bytes.into())
    );
    assert!(
        !tree.at(".packwright/trash").exists() && !tree.at(".packwright/journal").exists(),
        "nothing is left of it"
    );
}
