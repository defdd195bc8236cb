//! Freshness: how far a snapshot is to be believed.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Asset, AssetKey, Assets};
pub use crate::event::payload::{Reason, State};
use crate::value::RelPath;

/// A state, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct RuntimeState {
    /// The state.
    pub state: State,
    /// Why; empty where healthy.
    pub reasons: Vec<Reason>,
}

/// What is less to be believed than the rest of a snapshot, until something settles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The state it is in meanwhile.
    pub state: State,
    /// What is in it.
    pub scope: Scope,
    /// Why.
    pub reason: Reason,
}

/// What a mark is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The project and all its assets.
    Everything,
    /// The project as a whole, and none of its assets.
    Project,
    /// The assets whose roots hold one of these folders, or lie in one. Relative to the assets folder.
    Folders(BTreeSet<RelPath>),
    /// These assets.
    Assets(BTreeSet<AssetKey>),
}

/// All marks of a moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks(pub Vec<Mark>);

impl Marks {
    /// The state of an asset: its own, or the worst that a mark gives it.
    #[must_use]
    pub fn state_of(&self, asset: &Asset) -> State {
        let covering = self.0.iter().filter(|mark| mark.scope.covers(asset)).map(|mark| mark.state);
        covering.fold(asset.state(), State::max)
    }
}

impl Scope {
    fn covers(&self, asset: &Asset) -> bool {
        match self {
            Self::Everything => true,
            Self::Project => false,
            Self::Folders(folders) => asset.root.as_ref().is_ok_and(|root| {
                let mut above = std::iter::successors(Some(root.clone()), RelPath::parent);
                above.any(|path| folders.contains(&path))
                    || folders.range(root.clone()..).next().is_some_and(|path| path.is_within(root))
            }),
            Self::Assets(keys) => asset.entry.is_some() && keys.contains(&asset.key()),
        }
    }

    /// How many registered assets it covers; `None` where it is not about single ones.
    #[must_use]
    pub fn count(&self, assets: &Assets) -> Option<u64> {
        match self {
            Self::Everything | Self::Project => None,
            Self::Folders(folders) if folders.contains("") => None,
            Self::Folders(folders) => {
                let of = |folder| assets.registered_within(folder).chain(assets.registered_above(Some(folder.clone())));
                let keys: BTreeSet<AssetKey> = folders.iter().flat_map(of).map(|asset| asset.key()).collect();
                Some(keys.len() as u64)
            }
            Self::Assets(keys) => Some(keys.len() as u64),
        }
    }
}

impl RuntimeState {
    /// A state for one reason.
    #[must_use]
    pub fn because(state: State, code: &str, message: impl Into<String>) -> Self {
        Self { state, reasons: vec![Reason::new(code, message)] }
    }
}

impl Reason {
    /// A reason that is not about single assets and has no known cause.
    #[must_use]
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), count: None, cause: None }
    }
}
