//! The mutations that are tried, each on a small workspace of its own.

use packwright::fs::Fs;
use packwright::value::RelPath;
use packwright_testkit::ModelFs;
use packwright_testkit::model::{CallKind, Thing};

/// One mutation, and the workspace it is tried on.
pub(super) struct Scenario {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Files beside those that every workspace here has.
    pub(super) text: &'static str,
    /// Requests that were answered, and are durable, before the mutation begins.
    pub(super) before: &'static [&'static str],
    /// The requests of the mutation: itself, or a preview and what applies it. `{N:/a/b}` stands for what the answer to
    /// request N, counted from the first of `before`, holds at that place.
    pub(super) requests: &'static [&'static str],
    /// What happens to the files before the mutation begins.
    pub(super) then: fn(&ModelFs),
    /// Whether it is made of what is found: where not all can be looked at it may do a part, if it says so.
    pub(super) is_found: bool,
}

const PLAIN: Scenario =
    Scenario { name: "", kind: Kind::Whole, text: "", before: &[], requests: &[], then: |_| {}, is_found: false };

/// The scenario with this name.
pub(super) fn scenario(name: &str) -> &'static Scenario {
    SCENARIOS.iter().find(|one| one.name == name).unwrap_or_else(|| panic!("there is no scenario {name}"))
}

/// What a mutation promises where it is stopped.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// It is done or not done, and the next one finds it so.
    Whole,
    /// The same of one that makes outputs: they are one set or the other.
    Outputs,
    /// It makes a workspace: where it was not done, it is asked for again, and comes to its end.
    NewFolder,
    /// It ends another one, which was stopped half-way: where it was not done, it is asked for again.
    Settlement(&'static Unfinished),
}

impl PartialEq for Kind {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

/// A mutation that was stopped half-way, and that nobody but a person can end.
pub(super) struct Unfinished {
    pub(super) requests: &'static [&'static str],
    /// The first such call did not happen any more.
    pub(super) before: (CallKind, &'static str),
    /// What happened then.
    pub(super) then: fn(&ModelFs),
}

/// What every workspace has: `zz`, which is registered and never touched, and `next`, which is registered after the crash.
pub(super) const COMMON: &str = "\
-- packwright.toml --
schema = 1
[project]
id = \"0199c0de-0000-7000-8000-000000000001\"
name = \"game\"
-- notes.txt --
not an asset
-- assets/next/x.txt --
next
-- assets/zz/x.txt --
zz
";

/// The request that registers what every workspace has registered.
pub(super) const COMMON_BEFORE: &str = r#"{"service": "register_asset", "roots": ["zz"]}"#;

/// The mutation after the one that is tried.
pub(super) const NEXT: &str = r#"{"service": "register_asset", "roots": ["next"]}"#;

const TWO: &str = "-- assets/a/x.txt --\na\n-- assets/b/x.txt --\nb\n-- assets/b/deep/y.txt --\ny\n";
const REGISTER_TWO: &str = r#"{"service": "register_asset", "roots": ["a", "b"]}"#;

/// A manifest of a copy that has its original's UUID and address.
const COPY: &str = "\
-- assets/a/x.txt --
a
-- assets/a/asset.json --
{\"schema\": 1, \"uuid\": \"0199c0de-0000-7000-8000-0000000000aa\", \"address\": \"a\"}
-- assets/copy/x.txt --
a
-- assets/copy/asset.json --
{\"schema\": 1, \"uuid\": \"0199c0de-0000-7000-8000-0000000000aa\", \"address\": \"a\"}
";

const REGISTER_A: &str = r#"{"service": "register_asset", "roots": ["a"]}"#;
const QUARANTINE: [&str; 2] = [
    r#"{"service": "remove_asset", "selectors": ["a"], "files": "quarantine", "mode": "preview"}"#,
    r#"{"service": "remove_asset", "plan_id": "{2:/data/plan/plan_id}", "consent": ["relocational"]}"#,
];
const REVERT: [&str; 2] = [
    r#"{"service": "revert", "operation_id": "{2:/operation_id}", "mode": "preview"}"#,
    r#"{"service": "revert", "plan_id": "{3:/data/plan/plan_id}", "consent": ["relocational"]}"#,
];

pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario { name: "register_new", text: TWO, requests: &[REGISTER_TWO], ..PLAIN },
    Scenario { name: "register_adopted", text: COPY, requests: &[REGISTER_A], ..PLAIN },
    Scenario {
        name: "register_copy",
        text: COPY,
        before: &[REGISTER_A],
        requests: &[r#"{"service": "register_asset", "roots": ["copy"], "as_copy": true}"#],
        ..PLAIN
    },
    Scenario {
        name: "exclude",
        text: TWO,
        before: &[REGISTER_TWO],
        requests: &[r#"{"service": "exclude_asset_from_build", "selectors": ["a", "b"]}"#],
        ..PLAIN
    },
    Scenario {
        name: "include",
        text: TWO,
        before: &[REGISTER_TWO, r#"{"service": "exclude_asset_from_build", "selectors": ["a"]}"#],
        requests: &[r#"{"service": "include_asset_in_build", "selectors": ["a"]}"#],
        ..PLAIN
    },
    Scenario {
        name: "remove_keep",
        text: TWO,
        before: &[REGISTER_TWO],
        requests: &[r#"{"service": "remove_asset", "selectors": ["a"]}"#],
        ..PLAIN
    },
    Scenario { name: "remove_quarantine", text: TWO, before: &[REGISTER_TWO], requests: &QUARANTINE, ..PLAIN },
    Scenario {
        name: "remove_quarantine_more",
        text: THREE,
        before: &[REGISTER_THREE, QUARANTINE[0], QUARANTINE[1]],
        requests: &[
            r#"{"service": "remove_asset", "selectors": ["b", "c"], "files": "quarantine", "mode": "preview"}"#,
            r#"{"service": "remove_asset", "plan_id": "{4:/data/plan/plan_id}", "consent": ["relocational"]}"#,
        ],
        ..PLAIN
    },
    Scenario {
        name: "remove_delete",
        text: THREE,
        before: &[REGISTER_THREE],
        requests: &[
            r#"{"service": "remove_asset", "selectors": ["a", "b"], "files": "delete", "mode": "preview"}"#,
            r#"{"service": "remove_asset", "plan_id": "{2:/data/plan/plan_id}", "consent": ["destructive"]}"#,
        ],
        ..PLAIN
    },
    Scenario {
        name: "restore_last",
        text: TWO,
        before: &[REGISTER_TWO, QUARANTINE[0], QUARANTINE[1]],
        requests: &RESTORE,
        ..PLAIN
    },
    Scenario {
        name: "restore_one_of_two",
        text: THREE,
        before: &[REGISTER_THREE, QUARANTINE[0], QUARANTINE[1], QUARANTINE_B[0], QUARANTINE_B[1]],
        requests: &[
            r#"{"service": "restore_quarantined", "entry_id": "{3:/data/entries/0/entry_id}", "mode": "preview"}"#,
            r#"{"service": "restore_quarantined", "plan_id": "{6:/data/plan/plan_id}", "consent": ["relocational"]}"#,
        ],
        ..PLAIN
    },
    Scenario {
        name: "purge_last",
        text: TWO,
        before: &[REGISTER_TWO, QUARANTINE[0], QUARANTINE[1]],
        requests: &[
            r#"{"service": "purge_quarantined", "entry_ids": ["{3:/data/entries/0/entry_id}"], "mode": "preview"}"#,
            r#"{"service": "purge_quarantined", "plan_id": "{4:/data/plan/plan_id}", "consent": ["destructive"]}"#,
        ],
        ..PLAIN
    },
    Scenario {
        name: "purge_two_of_three",
        text: THREE,
        before: &[REGISTER_THREE, QUARANTINE_ALL[0], QUARANTINE_ALL[1]],
        requests: &[
            r#"{"service": "purge_quarantined", "entry_ids": ["{3:/data/entries/0/entry_id}", "{3:/data/entries/2/entry_id}"], "mode": "preview"}"#,
            r#"{"service": "purge_quarantined", "plan_id": "{4:/data/plan/plan_id}", "consent": ["destructive"]}"#,
        ],
        ..PLAIN
    },
    Scenario {
        name: "relocate",
        text: TWO,
        before: &[REGISTER_TWO],
        requests: &[
            r#"{"service": "relocate_asset", "selector": "b", "to": "moved", "mode": "preview"}"#,
            r#"{"service": "relocate_asset", "plan_id": "{2:/data/plan/plan_id}", "consent": ["relocational"]}"#,
        ],
        ..PLAIN
    },
    Scenario { name: "relocate_into_new_folders", text: TWO, before: &[REGISTER_TWO], requests: &RELOCATE, ..PLAIN },
    Scenario {
        name: "relocate_in_a_fresh_clone",
        text: TWO,
        before: &[REGISTER_TWO],
        requests: &[RELOCATE[0], RELOCATE[1]],
        then: |files| files.take(".packwright"),
        ..PLAIN
    },
    Scenario { name: "edit", text: TWO, before: &[REGISTER_TWO], requests: &[EDIT], ..PLAIN },
    Scenario { name: "revert_register_new", text: TWO, before: &[ONE_MORE, REGISTER_A], requests: &REVERT, ..PLAIN },
    Scenario {
        name: "revert_register_copy",
        text: COPY,
        before: &[REGISTER_A, r#"{"service": "register_asset", "roots": ["copy"], "as_copy": true}"#],
        requests: &REVERT,
        ..PLAIN
    },
    Scenario {
        name: "revert_exclude",
        text: TWO,
        before: &[REGISTER_TWO, r#"{"service": "exclude_asset_from_build", "selectors": ["a", "b"]}"#],
        requests: &REVERT,
        ..PLAIN
    },
    Scenario {
        name: "revert_remove_keep",
        text: TWO,
        before: &[REGISTER_TWO, r#"{"service": "remove_asset", "selectors": ["a"]}"#],
        requests: &REVERT,
        ..PLAIN
    },
    Scenario { name: "revert_edit", text: TWO, before: &[REGISTER_TWO, EDIT], requests: &REVERT, ..PLAIN },
    Scenario {
        name: "revert_remove_quarantine",
        text: TWO,
        before: &[REGISTER_TWO, QUARANTINE[0], QUARANTINE[1]],
        requests: &REVERT_AFTER_PLAN,
        ..PLAIN
    },
    Scenario {
        name: "revert_relocate",
        text: TWO,
        before: &[REGISTER_TWO, RELOCATE[0], RELOCATE[1]],
        requests: &REVERT_AFTER_PLAN,
        ..PLAIN
    },
    Scenario {
        name: "revert_restore",
        text: TWO,
        before: &[REGISTER_TWO, QUARANTINE[0], QUARANTINE[1], RESTORE[0], RESTORE[1]],
        requests: &[
            r#"{"service": "revert", "operation_id": "{5:/operation_id}", "mode": "preview"}"#,
            r#"{"service": "revert", "plan_id": "{6:/data/plan/plan_id}", "consent": ["relocational"]}"#,
        ],
        ..PLAIN
    },
    Scenario {
        name: "fix_a_copy_and_what_is_ignored",
        text: COPY,
        before: &[REGISTER_A],
        requests: &[r#"{"service": "apply_fixes", "scope": "workspace", "only": ["H302", "H309"]}"#],
        then: |files| files.put(".gitignore", "*.o\n"),
        is_found: true,
        ..PLAIN
    },
    Scenario {
        name: "fix_the_registry",
        text: TWO,
        before: &[REGISTER_TWO],
        requests: &[r#"{"service": "apply_fixes", "scope": "workspace", "only": ["H308"]}"#],
        then: |files| {
            let Some(Thing::File { bytes, .. }) = files.image().remove("packwright.registry.json") else { return };
            files.put("packwright.registry.json", [bytes, b"\n".to_vec()].concat());
        },
        is_found: true,
        ..PLAIN
    },
    Scenario {
        name: "build",
        kind: Kind::Outputs,
        text: TWO,
        before: &[REGISTER_TWO, r#"{"service": "build"}"#],
        requests: &[r#"{"service": "build"}"#],
        then: |files| files.put("assets/a/x.txt", "changed"),
        ..PLAIN
    },
    Scenario {
        name: "build_into_new_folders",
        kind: Kind::Outputs,
        text: TWO,
        before: &[REGISTER_TWO],
        requests: &[r#"{"service": "build"}"#],
        then: |files| {
            let Some(Thing::File { bytes, .. }) = files.image().remove("packwright.toml") else { return };
            files.put("packwright.toml", [&*bytes, b"[build]\nout = \"build/deep\"\n"].concat());
        },
        ..PLAIN
    },
    Scenario {
        name: "init",
        kind: Kind::NewFolder,
        text: "-- assets/next/x.txt --\nnext\n-- assets/zz/x.txt --\nzz\n-- .gitignore --\n*.o\n",
        requests: &[r#"{"service": "init_workspace", "path": "FOLDER", "name": "game"}"#],
        ..PLAIN
    },
    Scenario {
        name: "init_over_a_registry",
        kind: Kind::NewFolder,
        text: WITH_REGISTRY,
        requests: &[r#"{"service": "init_workspace", "path": "FOLDER", "name": "game"}"#],
        ..PLAIN
    },
    Scenario {
        name: "recover_undo",
        kind: Kind::Settlement(&UNFINISHED),
        text: TWO,
        before: &[REGISTER_TWO],
        requests: &[
            r#"{"service": "recover", "choice": "undo", "mode": "preview"}"#,
            r#"{"service": "recover", "plan_id": "{2:/data/plan/plan_id}", "consent": ["relocational"]}"#,
        ],
        ..PLAIN
    },
    Scenario {
        name: "recover_foreign",
        kind: Kind::Settlement(&FOREIGN),
        text: TWO,
        before: &[REGISTER_TWO],
        requests: &[
            r#"{"service": "recover", "choice": "undo", "mode": "preview"}"#,
            r#"{"service": "recover", "plan_id": "{2:/data/plan/plan_id}", "consent": ["relocational"]}"#,
        ],
        ..PLAIN
    },
    Scenario {
        name: "recover_keep",
        kind: Kind::Settlement(&UNFINISHED),
        text: TWO,
        before: &[REGISTER_TWO],
        requests: &[
            r#"{"service": "recover", "choice": "keep", "mode": "preview"}"#,
            r#"{"service": "recover", "plan_id": "{2:/data/plan/plan_id}", "consent": ["relocational"]}"#,
        ],
        ..PLAIN
    },
];

/// As [`UNFINISHED`], and then the whole workspace was copied: its lock is another file.
const FOREIGN: Unfinished = Unfinished {
    then: |files| {
        files.put(".packwright/copied", "");
        let path = RelPath::literal;
        files.rename(&path(".packwright/copied"), &path(".packwright/lock")).expect("it is put in its place");
    },
    ..UNFINISHED
};

const WITH_REGISTRY: &str = "\
-- packwright.registry.json --
{
  \"schema\": 1,
  \"assets\": [
    {\"asset_id\": 7, \"uuid\": \"0199c0de-0000-7000-8000-0000000000ff\", \"root\": \"zz\", \"included\": true}
  ]
}
-- assets/next/x.txt --
next
-- assets/zz/x.txt --
zz
-- assets/zz/asset.json --
{\"schema\": 1, \"uuid\": \"0199c0de-0000-7000-8000-0000000000ff\", \"address\": \"zz\"}
";

/// Both roots were on their way to quarantine when somebody edited the registry.
const UNFINISHED: Unfinished = Unfinished {
    requests: &[
        r#"{"service": "remove_asset", "selectors": ["a", "b"], "files": "quarantine", "mode": "preview"}"#,
        r#"{"service": "remove_asset", "plan_id": "{2:/data/plan/plan_id}", "consent": ["relocational"]}"#,
    ],
    before: (CallKind::Rename, "packwright.registry.json"),
    then: |files| {
        let Some(Thing::File { bytes, .. }) = files.image().remove("packwright.registry.json") else { unreachable!() };
        let edited = String::from_utf8_lossy(&bytes).replacen("\"included\": true", "\"included\": false", 1);
        files.put("packwright.registry.json", edited);
    },
};

const THREE: &str =
    "-- assets/a/x.txt --\na\n-- assets/b/x.txt --\nb\n-- assets/b/deep/y.txt --\ny\n-- assets/c/x.txt --\nc\n";
const REGISTER_THREE: &str = r#"{"service": "register_asset", "roots": ["a", "b", "c"]}"#;
const ONE_MORE: &str = r#"{"service": "register_asset", "roots": ["b"]}"#;
const EDIT: &str =
    r#"{"service": "edit_asset", "selector": "a", "set": {"address": "other/name", "labels": ["one", "two"]}}"#;
const QUARANTINE_B: [&str; 2] = [
    r#"{"service": "remove_asset", "selectors": ["b"], "files": "quarantine", "mode": "preview"}"#,
    r#"{"service": "remove_asset", "plan_id": "{4:/data/plan/plan_id}", "consent": ["relocational"]}"#,
];
const QUARANTINE_ALL: [&str; 2] = [
    r#"{"service": "remove_asset", "selectors": ["a", "b", "c"], "files": "quarantine", "mode": "preview"}"#,
    r#"{"service": "remove_asset", "plan_id": "{2:/data/plan/plan_id}", "consent": ["relocational"]}"#,
];
const RESTORE: [&str; 2] = [
    r#"{"service": "restore_quarantined", "entry_id": "{3:/data/entries/0/entry_id}", "mode": "preview"}"#,
    r#"{"service": "restore_quarantined", "plan_id": "{4:/data/plan/plan_id}", "consent": ["relocational"]}"#,
];
const RELOCATE: [&str; 2] = [
    r#"{"service": "relocate_asset", "selector": "b", "to": "far/away/b", "mode": "preview"}"#,
    r#"{"service": "relocate_asset", "plan_id": "{2:/data/plan/plan_id}", "consent": ["relocational"]}"#,
];
const REVERT_AFTER_PLAN: [&str; 2] = [
    r#"{"service": "revert", "operation_id": "{3:/operation_id}", "mode": "preview"}"#,
    r#"{"service": "revert", "plan_id": "{4:/data/plan/plan_id}", "consent": ["relocational"]}"#,
];
