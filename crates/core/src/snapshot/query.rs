//! Selectors: how a person names assets.
//!
//! A selector is tried as an address (a glob where it has `*`, `?` or `[`), a root, a UUID and an id. Different assets
//! under different readings are ambiguous; `address:`, `root:`, `uuid:` and `id:` force one reading.

use std::collections::BTreeMap;
use std::sync::Arc;

use globset::{GlobBuilder, GlobMatcher};

use super::{Asset, AssetKey, Snapshot};
use crate::value::{Address, AssetId, AssetUuid, RelPath};

/// The assets that selectors name, registered ones first, each in its order.
pub type Selected = BTreeMap<(bool, AssetKey), Arc<Asset>>;

/// Why a selector names nothing that can be worked with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectorError {
    /// It names no asset.
    #[error("`{0}` names no asset")]
    NotFound(String),
    /// Different readings name different assets.
    #[error("`{selector}` means different assets: {}", readings.join("; "))]
    Ambiguous {
        /// The selector.
        selector: String,
        /// Each reading and what it names.
        readings: Vec<String>,
    },
    /// It is no selector.
    #[error("`{selector}` is no selector: {why}")]
    Invalid {
        /// The selector.
        selector: String,
        /// What is wrong with it.
        why: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reading {
    Address,
    Root,
    Uuid,
    Id,
}

impl Reading {
    const ALL: [Self; 4] = [Self::Address, Self::Root, Self::Uuid, Self::Id];

    const fn word(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Root => "root",
            Self::Uuid => "uuid",
            Self::Id => "id",
        }
    }
}

impl Snapshot {
    /// The assets that all of `selectors` name, registered or not.
    ///
    /// # Errors
    /// One for each selector that names nothing, or more than one thing.
    pub fn select(&self, selectors: &[String]) -> Result<Selected, Vec<SelectorError>> {
        let mut selected = Selected::new();
        let mut errors = Vec::new();
        for selector in selectors {
            match self.select_one(selector) {
                Ok(found) => selected.extend(found),
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() { Ok(selected) } else { Err(errors) }
    }

    fn select_one(&self, selector: &str) -> Result<Selected, SelectorError> {
        let forced = Reading::ALL.iter().find_map(|reading| {
            let text = selector.strip_prefix(reading.word())?.strip_prefix(':')?;
            Some((*reading, text))
        });
        if let Some((reading, text)) = forced {
            let found = self.read_as(reading, text).map_err(|why| invalid(selector, why))?;
            return if found.is_empty() { Err(SelectorError::NotFound(selector.to_owned())) } else { Ok(found) };
        }
        let mut found: BTreeMap<Reading, Selected> = BTreeMap::new();
        for reading in Reading::ALL {
            let read = self.read_as(reading, selector).map_err(|why| invalid(selector, why))?;
            if !read.is_empty() {
                found.insert(reading, read);
            }
        }
        let mut distinct: Vec<&Selected> = found.values().collect();
        distinct.dedup_by(|a, b| a.keys().eq(b.keys()));
        match distinct.as_slice() {
            [] => Err(SelectorError::NotFound(selector.to_owned())),
            [one] => Ok((*one).clone()),
            _ => Err(SelectorError::Ambiguous { selector: selector.to_owned(), readings: Self::describe(&found) }),
        }
    }

    fn read_as(&self, reading: Reading, text: &str) -> Result<Selected, String> {
        Ok(match reading {
            Reading::Address if text.contains(['*', '?', '[']) => {
                let glob = address_glob(text)?;
                self.matching(|asset| asset.address().is_some_and(|address| glob.is_match(address.as_str())))
            }
            Reading::Address => match text.parse::<Address>() {
                Ok(address) => selected(self.assets.with_address(&address)),
                Err(_) => Selected::new(),
            },
            Reading::Root => {
                let mut found = match RelPath::parse(text.strip_suffix('/').unwrap_or(text)) {
                    Ok(root) => selected(self.assets.at_root(&root)),
                    Err(_) => Selected::new(),
                };
                found.extend(selected(self.assets.spelled(text)));
                found
            }
            Reading::Uuid => match text.parse::<AssetUuid>() {
                Ok(uuid) => selected(self.assets.with_uuid(uuid).filter(|asset| asset.uuid() == Some(uuid))),
                Err(_) => Selected::new(),
            },
            Reading::Id => match text.parse().ok().and_then(AssetId::new) {
                Some(id) => selected(self.assets.with_id(id)),
                None => Selected::new(),
            },
        })
    }

    fn matching(&self, mut wanted: impl FnMut(&Asset) -> bool) -> Selected {
        selected(self.assets.all().filter(|asset| wanted(asset)))
    }

    fn describe(found: &BTreeMap<Reading, Selected>) -> Vec<String> {
        let describe = |(reading, assets): (&Reading, &Selected)| {
            let roots: Vec<&str> = assets.values().take(3).map(|asset| &*asset.root_text).collect();
            format!("as {} {}", reading.word(), roots.join(", "))
        };
        found.iter().map(describe).collect()
    }
}

fn selected<'a>(assets: impl IntoIterator<Item = &'a Arc<Asset>>) -> Selected {
    let place = |asset: &Arc<Asset>| ((asset.entry.is_none(), asset.key()), Arc::clone(asset));
    assets.into_iter().map(place).collect()
}

fn invalid(selector: &str, why: String) -> SelectorError {
    SelectorError::Invalid { selector: selector.to_owned(), why }
}

/// `*` stops at `/`, as in a manifest.
fn address_glob(text: &str) -> Result<GlobMatcher, String> {
    let glob = GlobBuilder::new(text).literal_separator(true).build();
    glob.map(|glob| glob.compile_matcher()).map_err(|error| error.kind().to_string())
}
