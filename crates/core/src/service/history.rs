//! `get_history`: what was done, the newest first; and what is remembered of it.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::answer::count;
use super::{Answer, Context, Data, GetHistory, HistoryData, PastOperation};
use crate::event::MAX_LISTED;
use crate::fs::Fs;
use crate::plan::{Journal, history as records};
use crate::snapshot::Asset;
use crate::value::{AssetId, AssetRef, OperationId};

const DEFAULT_LIMIT: u32 = 100;
const MAX_LIMIT: u32 = 1_000;
/// How much an operation may have done for the details of one asset to list all of it.
const MAX_OF_ONE: usize = 20;

/// All operations that there are records of, without the bytes that undoing them takes.
#[derive(Debug, Default)]
pub struct KnownHistory {
    /// The newest first.
    pub items: Vec<HistoryItem>,
    by_id: HashMap<AssetId, Vec<usize>>,
    by_root: HashMap<Arc<str>, Vec<usize>>,
    reverted_by: HashMap<OperationId, OperationId>,
}

/// One operation.
#[derive(Debug)]
pub struct HistoryItem {
    /// Which.
    pub operation: OperationId,
    service: String,
    at: String,
    summary: String,
    affected: Vec<AssetRef>,
    /// The first ones of what was done, as JSON.
    actions: String,
    n_actions: usize,
    irreversible: bool,
    reverts: Option<OperationId>,
}

impl HistoryItem {
    fn of(journal: Journal) -> Self {
        let irreversible = !journal.is_reversible();
        let (actions, n_actions) = first_of(journal.actions);
        Self {
            operation: journal.operation,
            irreversible,
            service: journal.service,
            at: journal.at,
            summary: journal.summary,
            affected: journal.affected,
            actions,
            n_actions,
            reverts: journal.reverts,
        }
    }

    /// Whether it is about the asset with that id, or at that root.
    #[must_use]
    pub fn is_about(&self, id: Option<AssetId>, root: &str) -> bool {
        let is_it = |asset: &AssetRef| *asset.root == *root || (id.is_some() && asset.asset_id == id);
        self.affected.iter().any(is_it)
    }

    /// What it did, in one line.
    #[must_use]
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// Whether it deleted anything for good.
    #[must_use]
    pub const fn is_irreversible(&self) -> bool {
        self.irreversible
    }

    /// When it was committed, in milliseconds since 1970.
    #[must_use]
    pub fn at_ms(&self) -> u64 {
        let at = self.at.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_millisecond).unwrap_or_default();
        u64::try_from(at).unwrap_or_default()
    }
}

impl KnownHistory {
    /// Reads all records.
    #[must_use]
    pub fn load(fs: &dyn Fs) -> Self {
        let operations = records::operations(fs);
        let read = operations.into_iter().filter_map(|(operation, _)| records::record(fs, operation));
        let mut items: Vec<HistoryItem> = read.map(HistoryItem::of).collect();
        // An operation that waited was given its id before others that were committed before it.
        items.sort_by(|a, b| (&b.at, b.operation).cmp(&(&a.at, a.operation)));
        let mut known = Self { items, ..Self::default() };
        for (index, item) in known.items.iter().enumerate() {
            for asset in &item.affected {
                if let Some(id) = asset.asset_id {
                    known.by_id.entry(id).or_default().push(index);
                }
                known.by_root.entry(Arc::clone(&asset.root)).or_default().push(index);
            }
            if let Some(reverted) = item.reverts {
                known.reverted_by.entry(reverted).or_insert(item.operation);
            }
        }
        known
    }

    /// The operation that undid another.
    #[must_use]
    pub fn reverted_by(&self, operation: OperationId) -> Option<OperationId> {
        self.reverted_by.get(&operation).copied()
    }

    /// What was done to one asset, the newest first.
    #[must_use]
    pub fn of(&self, asset: &Asset) -> Vec<PastOperation> {
        let by_id = asset.asset_id().and_then(|id| self.by_id.get(&id));
        let by_root = self.by_root.get(&asset.root_name());
        let mut indices: Vec<usize> = by_id.into_iter().chain(by_root).flatten().copied().collect();
        indices.sort_unstable();
        indices.dedup();
        let items = indices.into_iter().filter_map(|index| self.items.get(index));
        items.map(|item| self.past_of(item, asset)).collect()
    }

    /// An operation as the details of one asset show it. Of one that did much, what it did to others is only counted.
    fn past_of(&self, item: &HistoryItem, asset: &Asset) -> PastOperation {
        if item.n_actions.max(item.affected.len()) <= MAX_OF_ONE {
            return self.past(item);
        }
        PastOperation {
            affected_assets: vec![asset.reference()],
            affected_assets_total: Some(item.affected.len() as u64),
            applied_actions: Vec::new(),
            applied_actions_total: Some(item.n_actions as u64),
            ..self.brief(item)
        }
    }

    /// An operation without its lists.
    fn brief(&self, item: &HistoryItem) -> PastOperation {
        PastOperation {
            operation_id: item.operation,
            service: item.service.clone(),
            at: item.at.clone(),
            summary: item.summary.clone(),
            affected_assets: Vec::new(),
            affected_assets_total: None,
            applied_actions: Vec::new(),
            applied_actions_total: None,
            irreversible: item.irreversible,
            reverts: item.reverts,
            reverted_by: self.reverted_by(item.operation),
        }
    }

    /// An operation as responses show it.
    #[must_use]
    pub fn past(&self, item: &HistoryItem) -> PastOperation {
        PastOperation {
            affected_assets: item.affected.iter().take(MAX_LISTED).cloned().collect(),
            affected_assets_total: total_of(item.affected.len()),
            applied_actions: serde_json::from_str(&item.actions).unwrap_or_default(),
            applied_actions_total: total_of(item.n_actions),
            ..self.brief(item)
        }
    }
}

/// The first elements of a list in JSON, and how many there are.
fn first_of(list: String) -> (String, usize) {
    let elements: Vec<&RawValue> = serde_json::from_str(&list).unwrap_or_default();
    let n_elements = elements.len();
    if n_elements <= MAX_LISTED {
        return (list, n_elements);
    }
    (serde_json::to_string(&elements[..MAX_LISTED]).unwrap_or_default(), n_elements)
}

/// How long a list was, where it was cut.
fn total_of(n_elements: usize) -> Option<u64> {
    (n_elements > MAX_LISTED).then_some(n_elements as u64)
}

/// Lists past operations.
#[must_use]
pub fn history(context: &Context<'_>, request: &GetHistory) -> Answer {
    let limit = request.limit.unwrap_or(DEFAULT_LIMIT);
    if limit == 0 || limit > MAX_LIMIT {
        return Answer::bad_request(format!("a page of {limit} operations"), format!("ask for 1 to {MAX_LIMIT}"));
    }
    let known = context.history().unwrap_or_default();
    let start = match request.cursor.as_deref().map(str::parse::<OperationId>) {
        None => 0,
        Some(Ok(last)) => known.items.iter().position(|item| item.operation == last).map_or(0, |at| at + 1),
        Some(Err(_)) => return Answer::bad_request("the cursor is none of ours", "send the `next_cursor` of a page"),
    };
    let page: Vec<&HistoryItem> = known.items.iter().skip(start).take(limit as usize).collect();
    let is_last = start + page.len() >= known.items.len();
    let next_cursor = page.last().filter(|_| !is_last).map(|item| item.operation.to_string());
    let operations: Vec<PastOperation> = page.into_iter().map(|item| known.past(item)).collect();
    let summary = count(operations.len() as u64, "operation", "operations");
    Answer::ok(summary, Data::History(HistoryData { operations, next_cursor }))
}
