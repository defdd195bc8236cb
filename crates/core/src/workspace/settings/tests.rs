//! Settings: every rule of the file, and every problem of a file at once.

use proptest::prelude::*;

use super::*;

const ID: &str = "0199c0de-0000-7000-8000-00000000000a";

fn with(rest: &str) -> String {
    format!("schema = 1\n[project]\nid = \"{ID}\"\nname = \"my-game\"\n{rest}")
}

fn read(rest: &str) -> Settings {
    Settings::parse(&with(rest)).expect("settings")
}

/// Line and message of each problem.
fn refused(text: &str) -> Vec<(u32, String)> {
    let problems = Settings::parse(text).expect_err("refused");
    assert!(!problems.is_empty());
    problems.into_iter().map(|problem| (problem.place.map_or(0, |place| place.line), problem.message)).collect()
}

fn refusal(rest: &str) -> String {
    let found = refused(&with(rest));
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().expect("one").1
}

#[test]
fn what_is_not_said_has_its_default() {
    let settings = read("");
    assert_eq!((settings.project_id.to_string().as_str(), settings.name.as_str()), (ID, "my-game"));
    assert_eq!((settings.assets_dir.as_str(), settings.out_dir.as_str()), ("assets", "build"));
    assert_eq!(settings.compression, Compression::None);
    assert!(settings.ignore.is_empty() && settings.levels.is_empty() && settings.allow.is_empty());
    assert!(!settings.trust_lock);
}

#[test]
fn everything_that_can_be_said_is_read() {
    let settings = read(
        r#"
[assets]
dir = "art/game"
ignore = ["**/*.psd", "**/~*"]
[build]
out = "out"
compression = "lz4"
[doctor.levels]
H304 = "off"
H303 = "info"
[[doctor.allow]]
code = "H305"
path = "art/game/placeholder/**"
reason = "meant to be the same"
[workspace]
trust_lock = true
"#,
    );
    assert_eq!((settings.assets_dir.as_str(), settings.out_dir.as_str()), ("art/game", "out"));
    assert_eq!(settings.ignore, ["**/*.psd", "**/~*"]);
    assert_eq!(settings.compression, Compression::Lz4);
    assert_eq!(settings.levels["H304"], Level::Off);
    assert_eq!(settings.allow[0].path, "art/game/placeholder/**");
    assert!(settings.trust_lock);
}

#[test]
fn the_text_of_a_new_workspace_reads_back_with_its_examples_too() {
    let id: ProjectId = ID.parse().expect("a UUID");
    let text = Settings::initial(id, "my-game", &RelPath::literal("art"));
    let settings = Settings::parse(&text).expect("settings");
    assert_eq!((settings.project_id, settings.assets_dir.as_str()), (id, "art"));
    let spelt_out: String = text
        .lines()
        .map(|line| {
            line.strip_prefix("# ").filter(|rest| rest.contains(" = ") || rest.starts_with('[')).unwrap_or(line)
        })
        .fold(String::new(), |out, line| out + line + "\n");
    let settings = Settings::parse(&spelt_out).expect("the examples are right");
    assert_eq!((settings.ignore.len(), settings.levels.len(), settings.allow.len()), (2, 1, 1));
}

#[test]
fn an_unknown_key_names_the_nearest_known_one() {
    let problems =
        Settings::parse(&with("nme = 1\n[asets]\n[build]\ncompresion = \"lz4\"\ncolour = 1\n")).expect_err("refused");
    let found: Vec<_> =
        problems.iter().map(|problem| (problem.place.map(|place| place.line), problem.help.as_deref())).collect();
    let expected = [
        (Some(5), Some("did you mean `name`?")),
        (Some(6), Some("did you mean `assets`?")),
        (Some(8), Some("did you mean `compression`?")),
        (Some(9), None),
    ];
    assert_eq!(found, expected);
    assert_eq!(problems[2].message, "[build] has no key `compresion`");
}

#[test]
fn all_problems_are_reported_in_the_order_of_the_file() {
    let text = "schema = 1\n[project]\nid = \"x\"\nname = \"a b\"\n[assets]\ndir = \"/abs\"\nignore = [\"[\", 3]\n\
                [doctor.levels]\nS203 = \"off\"\nH304 = \"loud\"\nX1 = \"off\"\n[[doctor.allow]]\ncode = \"S101\"\npath = \"[\"\n";
    let lines: Vec<u32> = refused(text).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [3, 4, 6, 7, 7, 9, 10, 11, 12, 13, 14]);
}

#[test]
fn what_must_be_there_is_named() {
    assert_eq!(refused(""), [(0, "the file has no `schema`".into()), (0, "the file has no [project]".into())]);
    let missing = refused("schema = 1\n[project]\n");
    assert_eq!(missing, [(2, "[project] has no `id`".into()), (2, "[project] has no `name`".into())]);
}

#[test]
fn names_that_no_file_could_have_are_refused() {
    for name in ["", ".", "..", "con", "Aux.1", "a b", "a/b", "\u{e4}", &"x".repeat(65)] {
        assert!(!Settings::is_name(name), "{name:?}");
    }
    assert!(Settings::is_name("My_game-2.0") && Settings::is_name(&"x".repeat(64)));
}

#[test]
fn folders_neither_leave_the_workspace_nor_lie_in_one_another() {
    for dir in ["..", "/x", "C:/x", "a/../b", "", "aux"] {
        assert!(refusal(&format!("[assets]\ndir = {dir:?}")).starts_with("`dir` is no folder"), "{dir:?}");
    }
    for (dir, out) in [
        ("a", "a"),
        ("a", "A/b"),
        ("a/b", "a"),
        ("quarantine", "b"),
        ("a", ".packwright/x"),
        ("a", "quarantine/b"),
        (".git", "b"),
    ] {
        let message = refusal(&format!("[assets]\ndir = {dir:?}\n[build]\nout = {out:?}"));
        assert!(message.contains("lie in one another"), "{message}");
    }
    assert!(refusal("[assets]\ndir = \"build\"").contains("lie in one another"), "defaults count too");
    assert_eq!(read("[assets]\ndir = \"ab\"\n[build]\nout = \"a\"").out_dir.as_str(), "a");
}

#[test]
fn values_of_another_kind_are_refused_with_what_is_taken() {
    assert_eq!(refusal("[build]\ncompression = \"zip\""), "`compression` takes one of \"none\", \"lz4\"");
    assert_eq!(refusal("[workspace]\ntrust_lock = \"yes\""), "`trust_lock` takes true or false");
    assert_eq!(refusal("[assets]\nignore = \"*.psd\""), "`ignore` takes a list");
    assert_eq!(refusal("[doctor]\nlevels = 1"), "[doctor.levels] takes a table");
    assert_eq!(refusal("[doctor]\nallow = [1]"), "[[doctor.allow]] takes a table");
}

#[test]
fn structural_findings_can_be_neither_lowered_nor_allowed() {
    assert!(refusal("[doctor.levels]\nS203 = \"info\"").contains("structural"));
    assert!(refusal("[[doctor.allow]]\ncode = \"S203\"\npath = \"x\"\nreason = \"r\"").contains("structural"));
}

#[test]
fn a_newer_schema_is_the_only_problem() {
    let found = refused("schema = 2\nanything = \"goes\"\n");
    assert_eq!(found.len(), 1);
    assert!(found[0].1.contains("newer version"));
    assert!(refused(&with("").replace("schema = 1", "schema = \"1\""))[0].1.contains("takes the number 1"));
}

#[test]
fn a_file_that_is_no_toml_says_where() {
    let found = refused("schema = 1\n[project\n");
    assert!(found[0].1.starts_with("not TOML: "));
    assert_eq!(found[0].0, 2);
    assert!(refused(&with("[project]\n"))[0].1.starts_with("not TOML: "), "a table that stands twice");
    assert!(refused("\u{feff}schema = 1")[0].1.contains("byte order mark"));
    assert!(Settings::parse(&format!("x = {}", "[".repeat(100_000))).is_err());
    assert!(refused(&with(&"#".repeat(1 << 20)))[0].1.contains("1048576 bytes"));
}

proptest! {
    #[test]
    fn no_text_panics_the_reader(text in "[\\[\\]{}\"'=.,a-z0-9 #\\\\\\n-]{0,64}") {
        let _ = Settings::parse(&text);
        let _ = Settings::parse(&with(&text));
    }
}
