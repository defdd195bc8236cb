//! Questions on a terminal: asked before anything is done, and answered by the right word alone.

use crate::support::{Workspace, json};
use crate::typing::Typing;

fn on_terminal(workspace: &Workspace, args: &[&str]) -> Typing {
    Typing::start(&workspace.path(), args)
}

fn is_there(workspace: &Workspace, path: &str) -> bool {
    workspace.path().join(path).exists()
}

#[test]
fn what_moves_files_is_shown_and_asked_about() {
    let workspace = Workspace::with_assets();
    let mut run = on_terminal(&workspace, &["remove", "ui/button", "--quarantine"]);
    run.shows("this moves 1 folder; go ahead? [y/N] ");
    assert!(is_there(&workspace, "assets/ui/button"), "nothing is done before the answer");
    run.types("y");
    let (status, shown) = run.end();
    assert_eq!(status.code(), Some(0), "{shown}");
    assert!(shown.contains("move 1 folder: 2 files,"), "the plan stands before the question\n{shown}");
    assert!(shown.contains("1 asset removed from the registry, files quarantined"), "{shown}");
    assert!(!is_there(&workspace, "assets/ui/button"));
}

#[test]
fn anything_but_yes_is_no() {
    let workspace = Workspace::with_assets();
    let registry = workspace.read("packwright.registry.json");
    for answer in ["", "n", "perhaps", "ui/button"] {
        let mut run = on_terminal(&workspace, &["remove", "ui/button", "--quarantine"]);
        run.shows("[y/N] ");
        run.types(answer);
        let (status, shown) = run.end();
        assert_eq!(status.code(), Some(1), "{answer}: {shown}");
        assert!(shown.ends_with("nothing was done\n"), "{answer}: {shown}");
    }
    let mut run = on_terminal(&workspace, &["remove", "ui/button", "--quarantine"]);
    run.shows("[y/N] ");
    run.types_the_end();
    assert_eq!(run.end().0.code(), Some(1));
    assert!(is_there(&workspace, "assets/ui/button"));
    assert_eq!(workspace.read("packwright.registry.json"), registry);
}

#[test]
fn what_deletes_for_good_takes_the_address() {
    let workspace = Workspace::with_assets();
    for wrong in ["y", "yes", "button", "texts/intro"] {
        let mut run = on_terminal(&workspace, &["remove", "ui/button", "--delete"]);
        run.shows("delete 1 folder FOR GOOD: 2 files,");
        run.shows("type its name, ui/button, to go ahead: ");
        run.types(wrong);
        let (status, shown) = run.end();
        assert_eq!(status.code(), Some(1), "{shown}");
        assert!(shown.ends_with(&format!("`{wrong}` is not `ui/button`; nothing was done\n")), "{shown}");
        assert!(is_there(&workspace, "assets/ui/button/button.png"));
    }
    let mut run = on_terminal(&workspace, &["remove", "ui/button", "--delete"]);
    run.shows("to go ahead: ");
    run.types("ui/button");
    let (status, shown) = run.end();
    assert_eq!(status.code(), Some(0), "{shown}");
    assert!(shown.contains("undo: there is none"), "{shown}");
    assert!(!is_there(&workspace, "assets/ui/button"));
}

#[test]
fn several_are_confirmed_by_their_number() {
    let workspace = Workspace::with_assets();
    let mut run = on_terminal(&workspace, &["remove", "ui/*", "texts/*", "--delete"]);
    run.shows("type their number, 2, to go ahead: ");
    run.types("2");
    assert_eq!(run.end().0.code(), Some(0));
    assert!(!is_there(&workspace, "assets/ui/button") && !is_there(&workspace, "assets/texts/intro"));
}

#[test]
fn a_flag_that_says_yes_asks_nothing() {
    let workspace = Workspace::with_assets();
    let run = on_terminal(&workspace, &["remove", "ui/button", "--quarantine", "--yes"]);
    let (status, shown) = run.end();
    assert_eq!(status.code(), Some(0), "{shown}");
    assert!(!shown.contains("go ahead"), "{shown}");
    let mut run = on_terminal(&workspace, &["remove", "texts/intro", "--delete", "--yes"]);
    run.shows("type its name, texts/intro, to go ahead: ");
    run.types("");
    assert_eq!(run.end().0.code(), Some(1), "`--yes` alone deletes nothing");
    let (status, _) = on_terminal(&workspace, &["remove", "texts/intro", "--delete", "--yes", "--confirm", "no"]).end();
    assert_eq!(status.code(), Some(1), "a wrong word is not asked about again");
    assert!(is_there(&workspace, "assets/texts/intro"));
}

#[test]
fn json_is_for_programs_and_asks_nothing() {
    let workspace = Workspace::with_assets();
    let (status, shown) = on_terminal(&workspace, &["remove", "ui/button", "--quarantine", "--json"]).end();
    assert_eq!(status.code(), Some(1));
    let answer: serde_json::Value = serde_json::from_str(&shown).expect("one JSON document");
    assert_eq!(answer["blockers"][0]["code"], "consent_required");
}

#[test]
fn ctrl_c_at_a_question_ends_it_and_nothing_was_done() {
    let workspace = Workspace::with_assets();
    let mut run = on_terminal(&workspace, &["remove", "ui/button", "--delete", "--events", "events.jsonl"]);
    run.shows("to go ahead: ");
    run.interrupt();
    let (status, shown) = run.end();
    assert_eq!(status.code(), Some(130), "{shown}");
    assert!(shown.ends_with("\ncancelled; nothing was done\n"), "{shown}");
    assert!(is_there(&workspace, "assets/ui/button"));
    assert!(workspace.read("events.jsonl").contains("preview_ready"), "the events are whole all the same");
}

#[test]
fn a_plan_that_got_stale_at_the_question_is_refused_with_what_changed() {
    let workspace = Workspace::with_assets();
    let mut run = on_terminal(&workspace, &["remove", "ui/button", "--quarantine"]);
    run.shows("[y/N] ");
    workspace.write("assets/ui/button/new.txt", "drawn meanwhile");
    run.types("y");
    let (status, shown) = run.end();
    assert_eq!(status.code(), Some(1), "{shown}");
    assert!(shown.contains("error[plan_stale]: assets/ui/button changed since the plan was made"), "{shown}");
    assert!(shown.contains("give the command again"), "{shown}");
    assert!(is_there(&workspace, "assets/ui/button/new.txt"));
}

#[test]
fn a_plan_from_a_file_is_asked_about_too() {
    let workspace = Workspace::with_assets();
    workspace.run(&["remove", "ui/button", "--delete", "--plan-out", "plan.json"]).success();
    let mut run = on_terminal(&workspace, &["apply", "plan.json"]);
    run.shows("plan: remove_asset of plan.json\n");
    run.shows("type its name, ui/button, to go ahead: ");
    run.types("ui/button");
    assert_eq!(run.end().0.code(), Some(0));
    assert!(!is_there(&workspace, "assets/ui/button"));
}

#[test]
fn what_touches_many_assets_is_asked_about_on_a_terminal_only() {
    let workspace = Workspace::new();
    (0..101).for_each(|n| workspace.asset(&format!("many/a{n}"), n, ""));
    workspace.run(&["register", "assets", "--recursive", "-q"]).success();
    let mut run = on_terminal(&workspace, &["exclude", "many/*"]);
    run.shows("change 101 entries of the registry");
    run.shows("this touches 101 assets; go ahead? [y/N] ");
    run.types("n");
    assert_eq!(run.end().0.code(), Some(1));
    assert_eq!(on_terminal(&workspace, &["exclude", "many/*", "--yes"]).end().0.code(), Some(0));
    let run = workspace.run(&["include", "many/*", "--json"]).success();
    assert_eq!(json(&run)["data"]["changed"].as_array().map(Vec::len), Some(101), "nobody is there to ask");
}
