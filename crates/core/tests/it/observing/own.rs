//! What the packer does itself is said once.

use packwright::event::Kind;
use serde_json::json;

use super::{Observed, kinds, of_assets, states};

/// More folders than are looked at before anything is said.
const MANY: usize = 150;

fn art() -> String {
    (0..MANY).map(|n| format!("-- assets/art/{n:03}/x.txt --\n{n}\n")).collect()
}

#[test]
fn con_8_a_mutation_of_ours_is_no_event_a_second_time() {
    let mut observed = Observed::new(&art());
    let all: Vec<String> = (0..MANY).map(|n| format!("art/{n:03}")).collect();
    let few = &all[..3];
    for request in [
        json!({"service": "register_asset", "roots": few}),
        json!({"service": "register_asset", "roots": all}),
        json!({"service": "exclude_asset_from_build", "selectors": all}),
        json!({"service": "remove_asset", "selectors": few}),
        json!({"service": "build"}),
    ] {
        observed.hear_all();
        let response = observed.ask(&request);
        let events = observed.hear_until_quiet();
        let others: Vec<_> =
            events.iter().filter(|event| Some(event.operation_id) != response.operation_id).cloned().collect();
        let said = others.iter().filter(|event| event.cause.is_none()).map(|event| event.kind).collect::<Vec<_>>();
        assert_eq!(said, [], "said beside {request}: {:?}", kinds(&others));
        assert_eq!(of_assets(&others), [], "said beside {request}");
    }
    observed.end();
}

#[test]
fn con_8_observation_goes_on_beside_mutations_and_says_no_more_than_is_published() {
    let mut observed = Observed::new(&art());
    std::thread::scope(|scope| {
        let (tree, project) = (&observed.tree, &observed.project);
        scope.spawn(move || {
            for n in 0..400 {
                tree.write(&format!("assets/other/{}/{n}.txt", n % 7), "x");
                tree.write(&format!("assets/art/{:03}/y.txt", n % MANY), "y");
            }
        });
        for n in 0..12 {
            let root = format!("art/{n:03}");
            let answer = crate::call(project, &json!({"service": "register_asset", "roots": [root]}).to_string());
            let now = project.snapshot();
            assert!(Some(now.revision) >= answer.revision, "published before it is answered");
            assert_eq!(now.assets.n_registered(), n + 1, "{}", answer.summary);
        }
    });
    observed.until_caught_up();
    for event in observed.hear_until_quiet() {
        assert!(event.revision <= Some(observed.project.snapshot().revision));
    }
    observed.end();
}

#[test]
fn a_touch_that_changes_nothing_is_no_event() {
    let mut observed = Observed::new("-- assets/a/x.txt --\nx\n");
    observed.ask(&json!({"service": "register_asset", "roots": ["a"]}));
    observed.hear_until_quiet();
    observed.tree.write("assets/a/.x.txt.swp", "ignored");
    observed.tree.write("unrelated.txt", "not an asset");
    for path in ["packwright.registry.json", "packwright.toml"] {
        // Whole at every moment: a file that is half written is another.
        observed.tree.write("saved", observed.tree.read(path));
        observed.tree.rename("saved", path);
    }
    let events = observed.hear_until_quiet();
    assert_eq!(kinds(&events), [], "{:?}", states(&events));
    observed.tree.write("assets/a/x.txt", "another");
    observed.until(|event| event.kind == Kind::AssetChanged);
    observed.end();
}

#[test]
fn evt_5_a_change_after_a_hint_that_was_nothing_is_said_at_once() {
    let mut observed = Observed::new("-- assets/a/x.txt --\nx\n-- .git/HEAD --\n");
    // While git is at work nothing is settled, and so what is hinted waits.
    observed.tree.write(".git/index.lock", "");
    observed.ask(&json!({"service": "register_asset", "roots": ["a"]}));
    observed.hear_until_quiet();
    observed.tree.write("assets/a/x.txt", "another");
    let events = observed.hear_until_quiet();
    assert_eq!(states(&events), ["stale"], "our own hints in the same folder were nothing, this one is something");
    observed.tree.remove(".git/index.lock");
    observed.end();
}

#[test]
fn evt_5_a_change_after_a_look_at_everything_is_said_at_once() {
    let mut observed = Observed::new("-- assets/a/asset.json --\n{}\n-- assets/a/x.txt --\nx\n-- .git/HEAD --\n");
    observed.tree.write(".git/index.lock", "");
    for text in ["one", "another"] {
        observed.tree.write("assets/a/x.txt", text);
        assert_eq!(states(&observed.hear_until_quiet()), ["stale"]);
        observed.barrier();
        assert_eq!(states(&observed.hear_until_quiet()), ["reconciling", "healthy"]);
    }
    observed.tree.remove(".git/index.lock");
    observed.end();
}
