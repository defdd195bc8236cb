//! What the help says.

use snapbox::str;

use crate::support::packwright;

const COMMANDS: &[&[&str]] = &[
    &["init"],
    &["register"],
    &["include"],
    &["exclude"],
    &["remove"],
    &["move"],
    &["edit"],
    &["list"],
    &["show"],
    &["why"],
    &["doctor"],
    &["build"],
    &["watch"],
    &["studio"],
    &["surface"],
    &["status"],
    &["cache"],
    &["cache", "prune"],
    &["quarantine"],
    &["quarantine", "list"],
    &["quarantine", "restore"],
    &["quarantine", "purge"],
    &["history"],
    &["revert"],
    &["apply"],
    &["recover"],
    &["pack"],
    &["pack", "inspect"],
    &["pack", "verify"],
    &["pack", "extract"],
    &["pack", "diff"],
    &["merge-registry"],
    &["explain"],
    &["schema"],
    &["completions"],
];

fn help(command: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let run = packwright(folder.path()).args(command).arg("--help").assert().success().stderr_eq("");
    String::from_utf8(run.get_output().stdout.clone()).expect("UTF-8")
}

#[test]
fn the_help_lists_every_command() {
    let folder = tempfile::tempdir().expect("a folder");
    packwright(folder.path()).arg("-h").assert().success().stderr_eq("").stdout_eq(str![[r#"
The asset packer of a game: knows its assets, says what is wrong with them, builds them into one
pack

Usage: packwright [OPTIONS] <COMMAND>

Commands:
  init            Make a folder a workspace
  register        Register folders as assets
  include         Take registered assets into the build
  exclude         Take assets out of the build
  remove          Take assets out of the registered world
  move            Move an asset to another folder
  edit            Change what the manifest of an asset says
  list            List assets
  show            Show all that is known of one asset
  why             Say why each part of an asset was last imported
  doctor          Say what is wrong with the registered assets, and what is untidy around them
  build           Build the included assets into one pack
  watch           Show what changes, as it changes, until Ctrl-C
  studio          Open the Studio page, and serve it until Ctrl-C
  surface         List address and id of each included asset
  status          Say how the project is
  cache           Make room in the cache that builds take from
  quarantine      Show, bring back or delete what was removed to quarantine
  history         List what was done, the newest first
  revert          Undo a past operation, exactly or not at all
  apply           Apply a plan that was saved with --plan-out
  recover         End an operation that was stopped half-way, where that needs a person's word
  pack            Show, check, unpack or compare built packs
  merge-registry  Merge two changed registries, as git's merge driver
  explain         Say what a finding means and what to do
  schema          Print the JSON Schema of a file, event, request or response
  completions     Print what makes a shell complete packwright
  help            Print this message or the help of the given subcommand(s)

Options:
  -h, --help     Print help
  -V, --version  Print version

Global options:
  -C <DIR>              Work in DIR, as if it were the current folder; the workspace is the nearest
                        one from there up
      --json            Print the answer as JSON, and nothing else, on stdout
      --events <FILE>   Write each event as a line of JSON to FILE, made anew; `-` is stderr, in the
                        place of progress
  -q, --quiet           Only results and errors: no progress, no notes
  -v, --verbose         Say more
      --color <WHEN>    Colours: auto, always or never; auto respects NO_COLOR [default: auto]
      --wait <SECONDS>  How many seconds to wait while another process writes to the workspace
                        [default: 10]
      --threads <N>     How many threads scans and builds use at most; by default one a processor

A start on an old project:
  packwright init
  packwright register assets/*
  packwright build

A SELECTOR is an address (`ui/button`, or a glob as `ui/*`), a root, a UUID or an asset_id;
`address:`, `root:`, `uuid:` or `id:` before it force one reading.

Exit codes: 0 done; 1 nothing was done, or there are findings; 2 wrong usage; 3 it could not run;
130 cancelled.

"#]]);
}

#[test]
fn the_help_of_a_command_describes_its_arguments() {
    let folder = tempfile::tempdir().expect("a folder");
    packwright(folder.path()).args(["register", "-h"]).assert().success().stderr_eq("").stdout_eq(str![[r#"
Register folders as assets

Usage: packwright register [OPTIONS] <PATH>...

Arguments:
  <PATH>...  Folders below the assets folder

Options:
      --recursive     Register every folder below PATH that holds a manifest already, instead of
                      PATH itself
      --as-copy       Give a copied folder a UUID and an address of its own
      --address <A>   The address, for one folder without a manifest; by default made from its path
      --importer <I>  The importer that new manifests name; by default `auto`
      --excluded      Keep the assets out of the build for now
  -h, --help          Print help (see more with '--help')

Plan and consent:
  -n, --dry-run              Show the plan, and do nothing
      --plan-out <FILE>      Save the plan to FILE, and do nothing; `packwright apply FILE` does it;
                             `-` prints it, alone, on stdout
      --yes                  Say yes to what is asked: files are moved, or many assets are touched
      --confirm <ADDRESS|N>  With --yes, say yes to deleting for good: the address of the asset, or
                             how many there are

Global options:
  -C <DIR>              Work in DIR, as if it were the current folder; the workspace is the nearest
                        one from there up
      --json            Print the answer as JSON, and nothing else, on stdout
      --events <FILE>   Write each event as a line of JSON to FILE, made anew; `-` is stderr, in the
                        place of progress
  -q, --quiet           Only results and errors: no progress, no notes
  -v, --verbose         Say more
      --color <WHEN>    Colours: auto, always or never; auto respects NO_COLOR [default: auto]
      --wait <SECONDS>  How many seconds to wait while another process writes to the workspace
                        [default: 10]
      --threads <N>     How many threads scans and builds use at most; by default one a processor

Examples:
  packwright register assets/*                    each folder becomes an asset, files do not
  packwright register assets/ui/button            one folder
  packwright register assets --recursive          every folder below that holds an `asset.json`
  packwright register assets/button2 --as-copy    a copied folder, as an asset of its own
  packwright register assets/theme --address music/theme --excluded

"#]]);
}

#[test]
fn the_help_of_a_command_says_what_is_kept_and_what_is_not() {
    let text = help(&["cache", "prune"]);
    let (said, _) = text.split_once("Global options:").expect("a part of its own");
    snapbox::assert_data_eq!(
        said,
        str![[r#"
Drop from the cache what nothing recent used

What the last build used stays, whatever its age; of the rest goes what was neither made nor used in
so many days. No file of yours is touched, and the next build makes the same pack: what it needs and
does not find is made again. Builds do this by themselves once a day, with 30 days.

Usage: packwright cache prune [OPTIONS]

Options:
      --older-than-days <N>
          Keep what was made or used in the last N days
          
          [default: 30]

  -h, --help
          Print help (see a summary with '-h')


"#]]
    );
    let (_, examples) = text.split_once("Examples:").expect("examples");
    snapbox::assert_data_eq!(
        examples,
        str![[r#"

  packwright cache prune
  packwright cache prune --older-than-days 7
  packwright cache prune --older-than-days 0    leaves only what the last build used

"#]]
    );
}

#[test]
fn every_command_has_examples() {
    for command in COMMANDS {
        let text = help(command);
        let examples = text.split_once("Examples:\n").unwrap_or_else(|| panic!("{command:?} has no examples")).1;
        let called = format!("packwright {}", command.join(" "));
        assert!(examples.contains(&called), "no example of {command:?} calls it:\n{examples}");
    }
}

#[test]
fn every_command_of_the_help_is_in_this_test() {
    let text = help(&[]);
    let listed = text.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    for name in listed.filter_map(|line| line.split_whitespace().next()) {
        assert!(name == "help" || COMMANDS.iter().any(|command| command[0] == name), "{name}");
    }
}

#[test]
fn colours_of_the_help_follow_the_flag() {
    let folder = tempfile::tempdir().expect("a folder");
    let shown = |when: &str| {
        let run = packwright(folder.path()).args(["--color", when, "--help"]).assert().success();
        run.get_output().stdout.contains(&0x1b)
    };
    assert!(shown("always"));
    assert!(!shown("never") && !shown("auto"));
}
