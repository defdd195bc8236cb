//! A plan as people read it: what is done, group by group, what is deleted for good apart and last, and what is otherwise
//! afterwards.

use std::fmt::Write;

use packwright::diagnose::{Diagnostic, Severity};
use packwright::plan::{Action, ActionKind};
use packwright::service::Outcome;
use serde_json::Value;

use super::{Paint, bytes, count, number, plain};

/// How many lines a group has where not all are wanted.
const LINES: usize = 10;
/// How many names stand in a row, likewise.
const NAMES: usize = 8;

/// The steps, a group for each kind of them.
pub(crate) fn actions(actions: &[Action], full: bool, paint: Paint) -> String {
    let mut groups: Vec<Group> = Vec::new();
    for action in actions {
        let heading = Heading::of(&action.kind);
        let at = groups.iter().position(|group| group.heading == heading).unwrap_or_else(|| {
            groups.push(Group { heading, files: 0, bytes: 0, lines: Vec::new() });
            groups.len() - 1
        });
        let (files, bytes) = weight(&action.kind);
        let group = &mut groups[at];
        group.files += files;
        group.bytes += bytes;
        group.lines.push(line(&action.kind));
    }
    // What is lost is read last, where the question follows.
    groups.sort_by_key(|group| group.heading.is_destructive());
    groups.iter().map(|group| group.render(full, paint)).collect()
}

/// What is otherwise afterwards; empty where nothing is.
pub(crate) fn outcome(outcome: &Outcome, full: bool, paint: Paint) -> String {
    let mut text = String::new();
    let mut addresses = |list: &[packwright::value::Address], (one, many): (&str, &str)| {
        if !list.is_empty() {
            let names = row(list.iter().map(packwright::value::Address::as_str), list.len(), full);
            let verb = if list.len() == 1 { one } else { many };
            let counted = match list.len() {
                1 => "1 address".to_owned(),
                n => format!("{} addresses", number(n as u64)),
            };
            let _ = writeln!(text, "  {counted} {verb}: {names}");
        }
    };
    addresses(&outcome.addresses_removed, ("vanishes", "vanish"));
    addresses(&outcome.addresses_added, ("appears", "appear"));
    match outcome.pack_parts_removed {
        0 => {}
        1 => text.push_str("  1 part leaves the pack\n"),
        n => drop(writeln!(text, "  {} leave the pack", count(n, "part"))),
    }
    findings(&mut text, &outcome.diagnostics_appearing, ("appears", "appear"), full, paint);
    findings(&mut text, &outcome.diagnostics_clearing, ("clears", "clear"), full, paint);
    if text.is_empty() { text } else { format!("{}\n{text}", paint.bold("afterwards")) }
}

fn findings(text: &mut String, found: &[Diagnostic], verbs: (&str, &str), full: bool, paint: Paint) {
    if found.is_empty() {
        return;
    }
    let verb = if found.len() == 1 { verbs.0 } else { verbs.1 };
    let _ = writeln!(text, "  {} {verb}:", count(found.len() as u64, "finding"));
    for one in cut(found, full) {
        let code = paint.severity(one.severity, one.code.as_str());
        let _ = writeln!(text, "    {code} {}", plain(&one.message));
    }
    text.push_str(&more(found.len(), full, "    "));
}

/// The steps of one kind.
struct Group {
    heading: Heading,
    files: u64,
    bytes: u64,
    lines: Vec<String>,
}

impl Group {
    fn render(&self, full: bool, paint: Paint) -> String {
        let n = self.lines.len() as u64;
        let weighed = if self.files > 0 {
            format!(": {}, {}", count(self.files, "file"), bytes(self.bytes))
        } else {
            String::new()
        };
        let title = self.heading.words(n) + &weighed;
        let title =
            if self.heading.is_destructive() { paint.severity(Severity::Error, &title) } else { paint.bold(&title) };
        let mut text = format!("{title}\n");
        for line in cut(&self.lines, full) {
            let _ = writeln!(text, "  {line}");
        }
        text + &more(self.lines.len(), full, "  ")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heading {
    Write,
    Remove,
    Edit,
    Restore,
    Add,
    Update,
    TakeOut,
    Rewrite,
    Append,
    Move,
    Delete,
    Purge,
    Settle,
}

impl Heading {
    fn of(kind: &ActionKind) -> Self {
        match kind {
            ActionKind::WriteFile { .. } => Self::Write,
            ActionKind::RemoveFile { .. } => Self::Remove,
            ActionKind::EditManifest { .. } => Self::Edit,
            ActionKind::RestoreFile { .. } => Self::Restore,
            ActionKind::RegistryAdd { .. } => Self::Add,
            ActionKind::RegistryUpdate { .. } => Self::Update,
            ActionKind::RegistryRemove { .. } => Self::TakeOut,
            ActionKind::RewriteRegistry { .. } => Self::Rewrite,
            ActionKind::AppendLines { .. } => Self::Append,
            ActionKind::MoveRoot { .. } => Self::Move,
            ActionKind::DeleteRoot { .. } => Self::Delete,
            ActionKind::PurgeEntry { .. } => Self::Purge,
            ActionKind::Settle { .. } => Self::Settle,
        }
    }

    fn is_destructive(self) -> bool {
        matches!(self, Self::Delete | Self::Purge)
    }

    fn words(self, n: u64) -> String {
        let entries = count(n, "entry");
        match self {
            Self::Write => format!("write {}", count(n, "new file")),
            Self::Remove if n == 1 => "remove 1 file that packwright wrote".to_owned(),
            Self::Remove => format!("remove {} that packwright wrote", count(n, "file")),
            Self::Edit => format!("change {}", count(n, "manifest")),
            Self::Restore => format!("bring back what stood in {}", count(n, "file")),
            Self::Add => format!("add {entries} to the registry"),
            Self::Update => format!("change {entries} of the registry"),
            Self::TakeOut => format!("take {entries} out of the registry"),
            Self::Rewrite => "rewrite the registry in canonical form; no entry changes".to_owned(),
            Self::Append => format!("add lines to {}", count(n, "file")),
            Self::Move => format!("move {}", count(n, "folder")),
            Self::Delete => format!("delete {} FOR GOOD", count(n, "folder")),
            Self::Purge => format!("delete {} from quarantine FOR GOOD", count(n, "asset")),
            Self::Settle => "end what was stopped half-way".to_owned(),
        }
    }
}

/// Files and bytes that go with a step.
fn weight(kind: &ActionKind) -> (u64, u64) {
    match kind {
        ActionKind::MoveRoot { files, bytes, .. }
        | ActionKind::DeleteRoot { files, bytes, .. }
        | ActionKind::PurgeEntry { files, bytes, .. } => (*files, *bytes),
        _ => (0, 0),
    }
}

fn line(kind: &ActionKind) -> String {
    let counted = |files: u64, size: u64| match files {
        // Nobody has counted.
        0 => String::new(),
        n => format!("  ({}, {})", count(n, "file"), bytes(size)),
    };
    match kind {
        ActionKind::WriteFile { path, bytes: size } => format!("{}  ({})", plain(path.as_str()), bytes(*size)),
        ActionKind::RemoveFile { path, .. }
        | ActionKind::RestoreFile { path, .. }
        | ActionKind::RewriteRegistry { path, .. } => plain(path.as_str()).into_owned(),
        ActionKind::EditManifest { path, before, after } => {
            format!("{}: {}", plain(path.as_str()), changes(before, after))
        }
        ActionKind::RegistryAdd { after: entry, .. } | ActionKind::RegistryRemove { before: entry, .. } => {
            entry_name(entry)
        }
        ActionKind::RegistryUpdate { before, after } => format!("{}: {}", entry_name(before), changes(before, after)),
        ActionKind::AppendLines { path, lines } => {
            format!("{}: {}", plain(path.as_str()), row(lines.iter().map(String::as_str), lines.len(), false))
        }
        ActionKind::MoveRoot { from, to, files, bytes: size } => {
            format!("{} -> {}{}", plain(from.as_str()), plain(to.as_str()), counted(*files, *size))
        }
        ActionKind::DeleteRoot { path, files, bytes: size } | ActionKind::PurgeEntry { path, files, bytes: size } => {
            format!("{}{}", plain(path.as_str()), counted(*files, *size))
        }
        ActionKind::Settle { operation_id, outcome } => {
            format!("operation {}: {}", plain(operation_id), plain(outcome))
        }
    }
}

fn entry_name(entry: &Value) -> String {
    entry
        .get("root")
        .and_then(Value::as_str)
        .map_or_else(|| "an entry without a root".to_owned(), |root| plain(root).into())
}

/// The members that differ: `preload: false -> true, labels: none -> ["ui"]`.
pub(crate) fn changes(before: &Value, after: &Value) -> String {
    let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let (before, after) = (members(before), members(after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let shown = |value: Option<&Value>| value.map_or_else(|| "none".to_owned(), ToString::to_string);
    let differ = names.into_iter().filter(|name| before.get(*name) != after.get(*name));
    let said = differ.map(|name| format!("{name}: {} -> {}", shown(before.get(name)), shown(after.get(name))));
    plain(&said.collect::<Vec<_>>().join(", ")).into_owned()
}

/// Names in a row, the first few where not all are wanted.
fn row<'n>(names: impl Iterator<Item = &'n str>, n: usize, full: bool) -> String {
    let shown = if full { n } else { NAMES };
    let names: Vec<_> = names.take(shown).map(plain).collect();
    let rest = n.saturating_sub(names.len());
    let names = names.join(", ");
    if rest == 0 { names } else { format!("{names} and {} more", number(rest as u64)) }
}

fn cut<T>(list: &[T], full: bool) -> &[T] {
    if full { list } else { &list[..list.len().min(LINES)] }
}

fn more(n: usize, full: bool, indent: &str) -> String {
    if full || n <= LINES {
        return String::new();
    }
    format!("{indent}… and {} more; `-v` lists them all\n", number((n - LINES) as u64))
}

#[cfg(test)]
mod tests {
    use packwright::plan::{Nature, numbered};
    use packwright::value::RelPath;
    use serde_json::json;

    use super::*;

    const PLAIN: Paint = Paint { colored: false };

    fn deletion(path: &str) -> (Nature, ActionKind) {
        (
            Nature::Destructive,
            ActionKind::DeleteRoot { path: RelPath::parse(path).expect("a path"), files: 2, bytes: 1536 },
        )
    }

    #[test]
    fn what_is_deleted_stands_apart_and_last_in_red() {
        let entry = json!({"root": "ui/button"});
        let removal = ActionKind::RegistryRemove { before: entry, after: Value::Null };
        let steps = numbered([deletion("assets/ui/button"), (Nature::Edit, removal)]);
        assert_eq!(
            actions(&steps, false, PLAIN),
            "take 1 entry out of the registry\n  ui/button\n\
             delete 1 folder FOR GOOD: 2 files, 1.5 KiB\n  assets/ui/button  (2 files, 1.5 KiB)\n"
        );
        let colored = actions(&steps, false, Paint { colored: true });
        assert!(colored.contains("\u{1b}[1m\u{1b}[91mdelete 1 folder FOR GOOD"), "{colored:?}");
    }

    #[test]
    fn a_long_group_is_cut_and_counted_and_shown_whole_where_it_is_wanted() {
        let steps = numbered((0..12).map(|n| deletion(&format!("assets/a{n}"))));
        let short = actions(&steps, false, PLAIN);
        assert!(short.starts_with("delete 12 folders FOR GOOD: 24 files, 18.0 KiB\n"), "{short}");
        assert!(short.ends_with("  … and 2 more; `-v` lists them all\n"), "{short}");
        assert_eq!(actions(&steps, true, PLAIN).lines().count(), 13);
    }

    #[test]
    fn members_that_change_are_shown_before_and_after() {
        let (before, after) = (json!({"preload": true, "same": 1}), json!({"labels": ["ui"], "same": 1}));
        assert_eq!(changes(&before, &after), "labels: none -> [\"ui\"], preload: true -> none");
    }

    #[test]
    fn a_name_cannot_command_the_terminal() {
        let kind = ActionKind::RegistryAdd { before: Value::Null, after: json!({"root": "a\u{1b}[2J"}) };
        assert!(!actions(&numbered([(Nature::Edit, kind)]), false, PLAIN).contains('\u{1b}'));
    }
}
