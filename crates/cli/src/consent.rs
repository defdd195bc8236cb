//! What was said yes to, beforehand with flags or now at a question.
//!
//! `--yes` says yes to what moves files; what deletes them for good also takes the name of what goes, or its number, so that
//! nobody says yes out of habit. Where neither person nor flag says it, nothing is done.

use clap::Args;
use packwright::plan::{Action, ActionKind, Nature};
use packwright::service::{Blocker, BlockerCode, Plan};
use packwright::value::AssetRef;

use crate::text;

/// The flags.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Plan and consent")]
pub(crate) struct Consent {
    /// Say yes to what is asked: files are moved, or many assets are touched
    #[arg(long)]
    pub yes: bool,
    /// With --yes, say yes to deleting for good: the address of the asset, or how many there are
    #[arg(long, value_name = "ADDRESS|N", requires = "yes")]
    pub confirm: Option<String>,
}

/// What a plan does that takes consent.
#[derive(Debug)]
pub(crate) struct Risk {
    natures: Vec<Nature>,
    /// How many folders go elsewhere.
    moved: u64,
    /// What is deleted for good.
    deleted: Deleted,
}

/// What is deleted for good.
#[derive(Debug, Default)]
struct Deleted {
    folders: u64,
    files: u64,
    bytes: u64,
    /// What it goes by, where it is one.
    name: Option<String>,
}

/// What the flags come to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// Yes to everything that takes it.
    Yes,
    /// Not to all of it, and a person may be asked.
    NotAll,
    /// Yes to something else.
    Another(String),
}

impl Risk {
    /// Of a plan about these assets.
    pub(crate) fn of(plan: &Plan, assets: &[AssetRef]) -> Self {
        let moved = plan.actions.iter().filter(|action| action.nature == Nature::Relocational).count() as u64;
        Self { natures: plan.consent_required.clone(), moved, deleted: Deleted::of(&plan.actions, assets) }
    }

    /// What takes consent.
    pub(crate) fn natures(&self) -> &[Nature] {
        &self.natures
    }

    /// Whether anything is deleted for good.
    pub(crate) fn is_destructive(&self) -> bool {
        self.natures.contains(&Nature::Destructive)
    }

    /// What a person types to say yes to deleting.
    pub(crate) fn word(&self) -> String {
        self.deleted.name.clone().unwrap_or_else(|| self.deleted.folders.to_string())
    }

    /// What the flags say.
    pub(crate) fn said(&self, flags: &Consent) -> Said {
        match (&flags.confirm, self.is_destructive()) {
            _ if self.natures.is_empty() => Said::Yes,
            _ if !flags.yes => Said::NotAll,
            (_, false) => Said::Yes,
            (None, true) => Said::NotAll,
            (Some(word), true) if self.is_named_by(word) => Said::Yes,
            (Some(word), true) => Said::Another(word.clone()),
        }
    }

    /// Whether a word names what is deleted.
    pub(crate) fn is_named_by(&self, word: &str) -> bool {
        word.trim() == self.word()
    }

    /// What of it the flags say yes to, for an answer that says what is missing.
    pub(crate) fn given(&self, flags: &Consent) -> Vec<Nature> {
        let is_given = |nature: &&Nature| flags.yes && **nature != Nature::Destructive;
        self.natures.iter().filter(is_given).copied().collect()
    }

    /// What it does, in a few words.
    pub(crate) fn in_words(&self) -> String {
        let deleted = &self.deleted;
        let moves = (self.moved > 0).then(|| format!("moves {}", text::count(self.moved, "folder")));
        let deletes = (deleted.folders > 0).then(|| {
            let (folders, files) = (text::count(deleted.folders, "folder"), text::count(deleted.files, "file"));
            format!("deletes {folders} for good, {files} of {}", text::bytes(deleted.bytes))
        });
        moves.into_iter().chain(deletes).collect::<Vec<_>>().join(" and ")
    }

    /// Why nothing was done: nobody said yes to it, or somebody to something else.
    pub(crate) fn blocker(&self, flags: &Consent) -> Blocker {
        let message = match &flags.confirm {
            Some(word) if self.is_destructive() => {
                format!("this {}, and `--confirm {word}` does not name that", self.in_words())
            }
            _ => format!("this {}, and nobody has said yes to it", self.in_words()),
        };
        let help = if self.is_destructive() {
            format!("look at the plan; `--yes --confirm {}` says yes to it", quoted(&self.word()))
        } else {
            "look at the plan; `--yes` says yes to it".to_owned()
        };
        Blocker::new(BlockerCode::ConsentRequired, message, help)
    }
}

impl Deleted {
    fn of(actions: &[Action], assets: &[AssetRef]) -> Self {
        let mut deleted = Self::default();
        for action in actions {
            if let ActionKind::DeleteRoot { files, bytes, .. } | ActionKind::PurgeEntry { files, bytes, .. } =
                &action.kind
            {
                deleted.folders += 1;
                deleted.files += files;
                deleted.bytes += bytes;
            }
        }
        if deleted.folders == 1 {
            deleted.name = one_of(actions, assets).map(|asset| match &asset.address {
                Some(address) => address.to_string(),
                None => asset.root.to_string(),
            });
        }
        deleted
    }
}

/// The asset whose folder the one deletion is about: the only one, or the one with that root.
fn one_of<'a>(actions: &[Action], assets: &'a [AssetRef]) -> Option<&'a AssetRef> {
    if let [only] = assets {
        return Some(only);
    }
    let path = actions.iter().find_map(|action| match &action.kind {
        ActionKind::DeleteRoot { path, .. } => Some(path.as_str()),
        _ => None,
    })?;
    let is_it = |asset: &&AssetRef| {
        path.strip_suffix(&*asset.root).is_some_and(|above| above.is_empty() || above.ends_with('/'))
    };
    // An inner root that is registered too would have been refused: one path ends in one root, or in a longer one.
    assets.iter().filter(is_it).max_by_key(|asset| asset.root.len())
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | ':');
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use packwright::plan::numbered;
    use packwright::value::RelPath;

    fn at(path: &str) -> RelPath {
        RelPath::parse(path).expect("a path")
    }

    fn risk(deleted: &[&str], moved: &[&str], assets: &[(&str, Option<&str>)]) -> Risk {
        let delete = |path: &&str| {
            let kind = ActionKind::DeleteRoot { path: at(path), files: 2, bytes: 2048 };
            (Nature::Destructive, kind)
        };
        let go = |path: &&str| {
            let (from, to) = (at(path), RelPath::literal("elsewhere"));
            (Nature::Relocational, ActionKind::MoveRoot { from, to, files: 1, bytes: 1 })
        };
        let actions = numbered(deleted.iter().map(delete).chain(moved.iter().map(go)));
        let asset = |(root, address): &(&str, Option<&str>)| AssetRef {
            asset_id: None,
            address: address.map(|address| address.parse().expect("an address")),
            root: (*root).into(),
        };
        let assets: Vec<AssetRef> = assets.iter().map(asset).collect();
        let mut natures: Vec<Nature> = actions.iter().map(|action| action.nature).collect();
        natures.sort_unstable();
        natures.dedup();
        Risk { natures, moved: moved.len() as u64, deleted: Deleted::of(&actions, &assets) }
    }

    fn flags(yes: bool, confirm: Option<&str>) -> Consent {
        Consent { yes, confirm: confirm.map(str::to_owned) }
    }

    #[test]
    fn yes_moves_files_and_deletes_none() {
        let moves = risk(&[], &["assets/a"], &[("a", Some("a"))]);
        assert_eq!(moves.said(&flags(true, None)), Said::Yes);
        assert_eq!(moves.said(&flags(false, None)), Said::NotAll);
        let deletes = risk(&["assets/a"], &[], &[("a", Some("a"))]);
        assert_eq!(deletes.said(&flags(true, None)), Said::NotAll);
        assert_eq!(deletes.given(&flags(true, None)), []);
    }

    #[test]
    fn one_is_confirmed_by_its_address_and_several_by_their_number() {
        let one = risk(&["assets/a"], &[], &[("a", Some("ui/a"))]);
        assert_eq!(one.said(&flags(true, Some("ui/a"))), Said::Yes);
        for wrong in ["a", "1", "", "ui/A"] {
            assert_eq!(one.said(&flags(true, Some(wrong))), Said::Another(wrong.to_owned()));
        }
        let two = risk(&["assets/a", "assets/b"], &[], &[("a", Some("a")), ("b", Some("b"))]);
        assert_eq!(two.said(&flags(true, Some("2"))), Said::Yes);
        assert_eq!(two.said(&flags(true, Some("a"))), Said::Another("a".to_owned()));
    }

    #[test]
    fn one_without_an_address_is_confirmed_by_its_root() {
        assert_eq!(risk(&["assets/a"], &[], &[("a", None)]).word(), "a");
    }

    #[test]
    fn of_several_assets_the_one_that_has_a_folder_is_named() {
        let two = risk(&["assets/ui/a"], &[], &[("gone", Some("gone")), ("ui/a", Some("x")), ("a", Some("y"))]);
        assert_eq!(two.word(), "x");
    }

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        assert_eq!(quoted("ui/a"), "ui/a");
        assert_eq!(quoted("my art"), "'my art'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
