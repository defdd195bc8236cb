//! What a plan makes up: identities and names that would come out otherwise when it is planned again.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::value::{Address, AssetUuid, ProjectId, RelPath};
use crate::workspace::Quarantine;

/// What was made up for one plan, in the order in which it was. One of a kind is a field of its own, several are a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Minted {
    /// The name of the one new entry in quarantine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_id: Option<String>,
    /// The names of several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entry_ids: Vec<String>,
    /// The one new identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<AssetUuid>,
    /// Several.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uuids: Vec<AssetUuid>,
    /// The new project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
}

/// Makes things up, or gives back what was made up before.
#[derive(Debug, Default)]
pub struct Minter {
    given: Mutex<Given>,
    made: Mutex<Made>,
}

#[derive(Debug, Default)]
struct Given {
    entry_ids: VecDeque<String>,
    uuids: VecDeque<AssetUuid>,
    project_id: Option<ProjectId>,
}

#[derive(Debug, Default)]
struct Made {
    entry_ids: Vec<String>,
    uuids: Vec<AssetUuid>,
    project_id: Option<ProjectId>,
}

impl Minter {
    /// One that gives these back, and makes up what else is asked for.
    #[must_use]
    pub fn giving(minted: &Minted) -> Self {
        let given = Given {
            entry_ids: minted.entry_id.iter().chain(&minted.entry_ids).cloned().collect(),
            uuids: minted.uuid.iter().chain(&minted.uuids).copied().collect(),
            project_id: minted.project_id,
        };
        Self { given: Mutex::new(given), made: Mutex::default() }
    }

    /// A new identity of an asset.
    #[must_use]
    pub fn uuid(&self) -> AssetUuid {
        let uuid = lock(&self.given).uuids.pop_front().unwrap_or_else(AssetUuid::mint);
        lock(&self.made).uuids.push(uuid);
        uuid
    }

    /// A new identity of a project.
    #[must_use]
    pub fn project_id(&self) -> ProjectId {
        let id = lock(&self.given).project_id.take().unwrap_or_else(ProjectId::mint);
        lock(&self.made).project_id = Some(id);
        id
    }

    /// A name for a new entry in quarantine of the root `root`; `is_taken` says which names are not free. One that was made
    /// up before and is not free any more, or is none, is not given back.
    pub fn entry_id(&self, root: &RelPath, is_taken: impl Fn(&str) -> bool) -> String {
        let is_free =
            |id: &String| Quarantine::is_entry_id(id) && !is_taken(id) && !lock(&self.made).entry_ids.contains(id);
        let given = lock(&self.given).entry_ids.pop_front().filter(&is_free);
        let id = given.unwrap_or_else(|| {
            let mut fresh = std::iter::repeat_with(|| fresh_entry_id(root));
            fresh.find(|id| is_free(id)).unwrap_or_default()
        });
        lock(&self.made).entry_ids.push(id.clone());
        id
    }

    /// What it was asked for.
    #[must_use]
    pub fn minted(&self) -> Minted {
        let made = lock(&self.made);
        let (entry_id, entry_ids) = one_or_several(&made.entry_ids);
        let (uuid, uuids) = one_or_several(&made.uuids);
        Minted { entry_id, entry_ids, uuid, uuids, project_id: made.project_id }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn one_or_several<T: Clone>(all: &[T]) -> (Option<T>, Vec<T>) {
    match all {
        [one] => (Some(one.clone()), Vec::new()),
        all => (None, all.to_vec()),
    }
}

/// The day, the root as an address spells it, and four digits: `2026-11-22-ui-button-7f3a`.
fn fresh_entry_id(root: &RelPath) -> String {
    let day = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    let slug: String = Address::derive(root).as_str().replace('/', "-").chars().take(80).collect();
    let digits = blake3::hash(AssetUuid::mint().uuid().as_bytes()).to_hex();
    format!("{day}-{slug}-{}", &digits[..4])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_up_is_given_back_in_its_order() {
        let first = Minter::default();
        let root = RelPath::literal("UI/My Button");
        let (a, b) = (first.entry_id(&root, |_| false), first.entry_id(&root, |_| false));
        let uuid = first.uuid();
        assert!(Quarantine::is_entry_id(&a) && a.contains("-ui-my-button-"), "{a}");
        assert_ne!(a, b);
        let text = serde_json::to_string(&first.minted()).expect("JSON");
        let again = Minter::giving(&serde_json::from_str(&text).expect("it reads back"));
        assert_eq!((again.entry_id(&root, |_| false), again.entry_id(&root, |_| false)), (a, b));
        assert_eq!(again.uuid(), uuid);
        assert_eq!(again.minted(), first.minted());
    }

    #[test]
    fn a_name_that_is_taken_or_leads_elsewhere_is_not_given_back() {
        for id in ["../../etc", "a/b", "taken", "", ".hidden", "con"] {
            let minted = Minted { entry_id: Some(id.to_owned()), ..Minted::default() };
            let made = Minter::giving(&minted).entry_id(&RelPath::literal("x"), |id| id == "taken");
            assert!(made != id && Quarantine::is_entry_id(&made), "{id}: {made}");
        }
    }
}
