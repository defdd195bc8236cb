//! Much happens at once, and in the end what is known is what is there.

use std::sync::Arc;

use packwright::event::{Event, Kind};
use packwright::service::Data;
use packwright::snapshot::State;
use packwright_testkit::Tree;
use proptest::prelude::*;
use serde_json::json;

use super::{Observed, fresh, is_same, of_assets, roots, states};
use crate::SETTINGS;
use crate::reading::disk::{Disk, Step, step};

/// Three assets and a registry of two of them.
pub(super) const GAME: &str = r#"
-- packwright.registry.json --
{
  "schema": 1,
  "assets": [
    {"asset_id": 10, "uuid": "0199c0de-0000-7000-8000-00000000000a", "root": "ui/button", "included": true},
    {"asset_id": 20, "uuid": "0199c0de-0000-7000-8000-00000000000b", "root": "ui/icon", "included": true}
  ]
}
-- assets/ui/button/asset.json --
{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000a", "address": "ui/button"}
-- assets/ui/button/label.txt --
press
-- assets/ui/icon/asset.json --
{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000b", "address": "ui/icon"}
-- assets/ui/icon/icon.txt --
star
-- assets/audio/theme/asset.json --
{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000c", "address": "audio/theme"}
-- assets/audio/theme/theme.txt --
la la
"#;

fn reconciles(events: &[Arc<Event>]) -> usize {
    events.iter().filter(|event| event.kind == Kind::ReconcileStarted).count()
}

#[test]
fn run_4_ten_thousand_files_that_come_and_move_and_go_are_all_seen() {
    let mut observed = Observed::new(GAME);
    let folder = |n: usize| format!("assets/ui/button/{}/{}", n % 10, n % 100);
    for n in 0..10_000 {
        observed.tree.write(&format!("{}/{n}.txt", folder(n)), "x");
    }
    observed.until_caught_up();
    assert_eq!(observed.project.snapshot().assets.totals().sources, 10_002);
    for n in (0..100).step_by(2) {
        observed.tree.rename(&folder(n), &format!("assets/ui/icon/{n}"));
    }
    for n in (1..10_000).step_by(200) {
        observed.tree.rename(&format!("{}/{n}.txt", folder(n)), &format!("{}/renamed-{n}.txt", folder(n)));
    }
    observed.until_caught_up();
    for n in (0..10).step_by(2) {
        observed.tree.remove(&format!("assets/ui/icon/{n}"));
    }
    observed.tree.remove("assets/ui/button/1");
    observed.end();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: n_histories(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn run_4_inc_3_whatever_happens_is_followed_to_its_end_and_nothing_is_written(
        turns in proptest::collection::vec((proptest::collection::vec(step(), 1..12), any::<bool>()), 1..5),
    ) {
        let mut disk = Disk::new(false);
        let mut observed = Observed::of(std::mem::replace(&mut disk.tree, Tree::empty()));
        for (steps, waits) in turns {
            std::mem::swap(&mut disk.tree, &mut observed.tree);
            steps.iter().for_each(|step| disk.take(step));
            // What is registered is held while the registry does not read, and a fresh look would find nothing.
            disk.take(&Step::RegistryRestored);
            std::mem::swap(&mut disk.tree, &mut observed.tree);
            if waits {
                observed.until_caught_up();
            }
        }
        observed.end();
    }
}

fn n_histories() -> u32 {
    std::env::var("PACKWRIGHT_HISTORIES").ok().and_then(|n| n.parse().ok()).unwrap_or(6)
}

#[test]
fn run_4_atomic_saves_of_two_at_once_end_as_the_last_save_left_it() {
    let observed = Observed::new(GAME);
    std::thread::scope(|scope| {
        for name in ["button", "icon"] {
            let tree = &observed.tree;
            scope.spawn(move || {
                let manifest = format!("assets/ui/{name}/asset.json");
                let good = tree.text(&manifest);
                for n in 0..300 {
                    for (path, text) in [
                        (
                            manifest.clone(),
                            if n % 3 == 1 { "{".to_owned() } else { format!("{good}{}", " ".repeat(n)) },
                        ),
                        ("assets/ui/icon/icon.txt".to_owned(), format!("{name} {n}")),
                    ] {
                        tree.write(&format!("{path}.{name}.new"), text);
                        tree.rename(&format!("{path}.{name}.new"), &path);
                    }
                }
            });
        }
    });
    observed.end();
}

#[test]
fn run_4_folders_that_change_places_are_told_apart() {
    let observed = Observed::new(GAME);
    let Observed { tree, .. } = &observed;
    for round in 0..20 {
        tree.rename("assets/ui/button", "away");
        tree.rename("assets/audio/theme", "assets/ui/button");
        tree.write("away/label.txt", format!("{round}"));
        tree.rename("away", "assets/audio/theme");
        tree.write("away/in/new.txt", format!("{round}"));
        tree.rename("away", &format!("assets/ui/icon/{round}"));
    }
    observed.end();
}

#[test]
fn run_4_an_assets_folder_that_is_gone_and_comes_back_is_seen_both_times() {
    let mut observed = Observed::new(GAME);
    observed.tree.rename("assets", "elsewhere");
    observed.until_caught_up();
    assert_eq!(observed.project.state().state, State::Diverged);
    observed.tree.write("elsewhere/ui/new/asset.json", observed.tree.text("elsewhere/ui/icon/asset.json"));
    observed.tree.rename("elsewhere", "assets");
    observed.until_caught_up();
    observed.tree.write("assets/ui/new/more.txt", "seen as well");
    observed.tree.rename("assets", "elsewhere");
    observed.tree.write("assets/other/asset.json", "{");
    observed.until_caught_up();
    observed.tree.remove("assets");
    observed.tree.rename("elsewhere", "assets");
    observed.tree.write("assets/ui/button/label.txt", "seen once more");
    observed.end();
}

#[test]
fn evt_1_a_registry_that_is_edited_by_hand_is_seen_entry_by_entry() {
    let mut observed = Observed::new(GAME);
    let registry = observed.tree.text("packwright.registry.json");
    let with_theme = registry.replace(
        "\"assets\": [",
        "\"assets\": [\n    {\"asset_id\": 5, \"uuid\": \"0199c0de-0000-7000-8000-00000000000c\", \"root\": \"audio/theme\", \"included\": false},",
    );
    observed.tree.write("packwright.registry.json", with_theme);
    let finished = observed.until(|event| event.kind == Kind::ReconcileFinished);
    let events: Vec<_> =
        observed.heard.iter().filter(|event| event.operation_id == finished.operation_id).cloned().collect();
    assert_eq!(
        of_assets(&events),
        [(Kind::AssetDiscovered, "audio/theme".to_owned())],
        "and not those after it in the file"
    );
    observed.tree.write("packwright.registry.json", registry.replace("\"included\": true", "\"included\": false"));
    observed.until_caught_up();
    assert_eq!(observed.project.snapshot().assets.totals().included, 0);
    observed.end();
}

#[test]
fn run_4_settings_that_name_another_assets_folder_move_the_observation_there() {
    let mut observed = Observed::new(GAME);
    observed.tree.write(
        "art/hero/asset.json",
        r#"{"schema": 1, "uuid": "0199c0de-0000-7000-8000-00000000000d", "address": "hero"}"#,
    );
    observed.tree.write("packwright.toml", format!("{SETTINGS}[assets]\ndir = \"art\"\nignore = [\"*.psd\"]\n"));
    observed.until_caught_up();
    assert_eq!(roots(&observed.project.snapshot()), ["ui/button", "ui/icon", "hero"]);
    observed.tree.write("art/hero/in/hero.txt", "seen");
    observed.until_caught_up();
    observed.tree.write("art/hero/in/more.txt", "seen too");
    observed.until_caught_up();
    observed.tree.write("packwright.toml", SETTINGS);
    observed.until_caught_up();
    observed.tree.write("assets/audio/theme/more.txt", "seen again");
    observed.end();
}

#[test]
fn run_4_a_lost_private_folder_is_no_loss() {
    let mut observed = Observed::new(GAME);
    observed.ask(&json!({"service": "build"}));
    observed.hear_until_quiet();
    observed.tree.remove(".packwright");
    observed.ask(&json!({"service": "build"}));
    assert!(observed.tree.at(".packwright/listing").exists(), "the listing is written anew");
    observed.tree.remove(".packwright");
    observed.ask(&json!({"service": "exclude_asset_from_build", "selectors": ["ui/icon"]}));
    observed.tree.write("assets/ui/icon/icon.txt", "moon");
    observed.end();
}

#[test]
fn a_branch_switch_is_one_reconcile_after_git_is_done() {
    let mut observed = Observed::new(GAME);
    observed.tree.write(".git/HEAD", "ref: refs/heads/main\n");
    observed.hear_until_quiet();
    observed.tree.write(".git/index.lock", "");
    for n in 0..1_000 {
        observed.tree.write(&format!("assets/branch/{n}/asset.json"), "{}");
    }
    observed.tree.remove("assets/audio");
    let meanwhile = observed.hear_until_quiet();
    assert_eq!((reconciles(&meanwhile), states(&meanwhile).first()), (0, Some(&"stale".to_owned())));
    observed.tree.remove(".git/index.lock");
    observed.until(|event| event.kind == Kind::ReconcileFinished);
    let switched = observed.project.snapshot();
    assert!(is_same(&switched, &fresh(&observed.tree)), "all of it in one");
    assert_eq!(reconciles(&observed.hear_until_quiet()), 0);
    observed.end();
}

#[test]
fn a_workspace_that_is_moved_away_says_that_nothing_observes_it() {
    let parent = Tree::empty();
    let mut observed = Observed::new(GAME);
    let (here, there) = (observed.tree.path().to_owned(), parent.at("moved"));
    std::fs::rename(&here, &there).expect("it moves");
    let said = |event: &Event, code: &str| {
        event.kind == Kind::RuntimeStateChanged && event.payload["reasons"].to_string().contains(code)
    };
    observed.until(|event| said(event, "watch_lost"));
    observed.until(|event| event.kind == Kind::ReconcileFinished);
    assert_eq!(observed.project.state().state, State::Stale);
    let status = observed.barrier();
    let Data::GetStatus(status) = &status.data else { panic!("a status") };
    assert!(!status.watcher.active && status.watcher.message.is_some(), "{:?}", status.watcher);
    std::fs::rename(&there, &here).expect("it moves back");
    assert!(observed.project.observe().active);
    assert_eq!(observed.project.state().state, State::Healthy);
    observed.tree.write("assets/ui/icon/more.txt", "seen again");
    observed.end();
}
