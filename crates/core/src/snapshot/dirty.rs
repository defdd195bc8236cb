//! What is to be looked at again. It never says what happened there, and what it names may be as it was.

use std::collections::BTreeSet;

use crate::value::RelPath;

/// Where to look again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dirty {
    /// All there is: settings, registry and every folder. The other flags are set too, and no folder is named.
    pub everything: bool,
    /// The settings.
    pub settings: bool,
    /// The registry.
    pub registry: bool,
    /// Whether the packer's own folder is still there.
    pub private: bool,
    /// The quarantine.
    pub quarantine: bool,
    /// Folders, by their path in NFC, relative to the assets folder: the entries of each, not what lies deeper.
    pub folders: BTreeSet<RelPath>,
}

impl Dirty {
    /// How many folders are told apart. Where there are more, reading all is the cheaper way.
    pub const MAX_FOLDERS: usize = 50_000;

    /// All there is.
    #[must_use]
    pub fn everything() -> Self {
        let all = true;
        Self { everything: all, settings: all, registry: all, private: all, quarantine: all, folders: BTreeSet::new() }
    }

    /// These folders.
    #[must_use]
    pub fn folders(folders: impl IntoIterator<Item = RelPath>) -> Self {
        let mut dirty = Self::default();
        for folder in folders {
            dirty.add_folder(&folder);
        }
        dirty
    }

    /// Whether there is nothing to look at.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds a folder, relative to the assets folder. Returns whether that says more than was said before.
    pub fn add_folder(&mut self, folder: &RelPath) -> bool {
        if self.everything || !self.folders.insert(folder.nfc()) {
            return false;
        }
        if self.folders.len() > Self::MAX_FOLDERS {
            *self = Self::everything();
        }
        true
    }

    /// Adds what `other` names. Returns whether that says more than was said before.
    pub fn merge(&mut self, other: &Self) -> bool {
        if self.everything || other.everything {
            let more = !self.everything;
            *self = Self::everything();
            return more;
        }
        let mut more = raise(&mut self.settings, other.settings);
        more |= raise(&mut self.registry, other.registry);
        more |= raise(&mut self.private, other.private);
        more |= raise(&mut self.quarantine, other.quarantine);
        for folder in &other.folders {
            more |= self.add_folder(folder);
        }
        more
    }
}

/// Sets `flag` where `other` is set. Returns whether it was not set before.
fn raise(flag: &mut bool, other: bool) -> bool {
    let more = other && !*flag;
    *flag |= other;
    more
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(path: &'static str) -> Dirty {
        Dirty { folders: [RelPath::literal(path)].into(), ..Dirty::default() }
    }

    #[test]
    fn merging_says_whether_there_is_more_to_look_at() {
        let mut dirty = folder("ui");
        assert!(!dirty.merge(&folder("ui")));
        assert!(dirty.merge(&folder("audio")));
        assert!(dirty.merge(&Dirty { registry: true, ..Dirty::default() }));
        assert!(!dirty.merge(&Dirty { registry: true, ..folder("ui") }));
        assert!(dirty.merge(&Dirty::everything()));
        assert!(!dirty.merge(&folder("more")));
        assert_eq!(dirty, Dirty::everything());
    }

    #[test]
    fn both_forms_of_an_accent_are_one_folder() {
        let mut dirty = Dirty::default();
        assert!(dirty.add_folder(&RelPath::root().entry("cafe\u{301}")));
        assert!(!dirty.add_folder(&RelPath::root().entry("caf\u{e9}")));
    }

    #[test]
    fn too_many_folders_are_everything() {
        let mut dirty = Dirty::default();
        for n in 0..Dirty::MAX_FOLDERS {
            dirty.add_folder(&RelPath::root().entry(&format!("{n}")));
        }
        assert!(!dirty.everything);
        assert!(dirty.merge(&folder("one more")));
        assert_eq!(dirty, Dirty::everything());
    }
}
