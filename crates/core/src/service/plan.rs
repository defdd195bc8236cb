//! The plan of a mutation as responses carry it, and whether what it relied on still holds.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Answer, Blocker, BlockerCode, Context, Minted, Outcome, Request};
use crate::fs::{FileKind, FsError, read_limited};
use crate::plan::{Action, EntryName, FolderListing, Journal, Nature, Receipt};
use crate::value::{ContentHash, OperationId, PlanId, RelPath};
use crate::workspace::layout;

/// What a preview proposes.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Plan {
    /// By which it is applied.
    pub plan_id: PlanId,
    /// What was asked.
    pub request: Box<Request>,
    /// The snapshot that it was made on.
    pub revision: u64,
    /// Until when the runtime keeps it, RFC 3339.
    pub expires_at: String,
    /// What somebody has to say yes to.
    pub consent_required: Vec<Nature>,
    /// What was made up for it.
    pub minted: Minted,
    /// What it would do.
    pub actions: Vec<Action>,
    /// What it relied on.
    pub relied_on: Vec<Receipt>,
    /// What would be otherwise after it.
    pub outcome: Outcome,
}

/// What of a plan's receipts does not hold any more.
#[must_use]
pub fn changed_since<'r>(context: &Context<'_>, receipts: &'r [Receipt]) -> Vec<&'r Receipt> {
    receipts.iter().filter(|receipt| !holds(context, receipt)).collect()
}

/// The answer to a plan that is not what it was. By when it was made it is known what came later.
#[must_use]
pub fn stale(context: Option<&Context<'_>>, changed: &[&Receipt], made: PlanId) -> Answer {
    let help = "ask for a new preview, and look at it: it may do something else now";
    let blocker = |receipt: &&Receipt| {
        let by = context.and_then(|context| by_whom(context, receipt, made));
        let by = by.map_or_else(String::new, |(operation, service)| format!(", by {service} (operation {operation})"));
        let whose = context.and_then(|context| root_of(context, receipt));
        let whose = whose.map_or_else(String::new, |root| format!(" (`{root}`)"));
        let message = format!("{}{whose} changed since the plan was made{by}", receipt.about());
        Blocker::new(BlockerCode::PlanStale, message, help)
    };
    let mut blockers: Vec<Blocker> = changed.iter().map(blocker).collect();
    if blockers.is_empty() {
        let message = "what the plan would do is something else now";
        blockers.push(Blocker::new(BlockerCode::PlanStale, message, help));
    }
    Answer::blocked(blockers)
}

/// The root of the entry that a receipt names by its id.
fn root_of(context: &Context<'_>, receipt: &Receipt) -> Option<std::sync::Arc<str>> {
    match receipt {
        Receipt::Entry { registry_entry: EntryName::Id(id), .. } => Some(context.snapshot.asset(*id)?.root_name()),
        _ => None,
    }
}

fn holds(context: &Context<'_>, receipt: &Receipt) -> bool {
    let assets = &context.snapshot.assets;
    match receipt {
        Receipt::Path { path, digest } => digest_of(context, path).is_ok_and(|now| now == *digest),
        Receipt::Entry { registry_entry, digest } => {
            let text = |entry: &crate::workspace::RegistryEntry| ContentHash::of(entry.to_json().as_bytes());
            let entries: Vec<ContentHash> = match registry_entry {
                EntryName::Id(id) => assets.with_id(*id).filter_map(|asset| asset.entry.as_ref()).map(text).collect(),
                EntryName::Root(root) => {
                    assets.spelled(root).filter_map(|asset| asset.entry.as_ref()).map(text).collect()
                }
            };
            digest.map_or(entries.is_empty(), |digest| entries.contains(&digest))
        }
        Receipt::AddressFree { address_free } => !assets.with_address(address_free).any(|asset| asset.entry.is_some()),
        Receipt::UuidFree { uuid_free } => !assets.with_uuid(*uuid_free).any(|asset| asset.entry.is_some()),
        Receipt::Selector { selector, digest } => context.named_by(selector) == *digest,
        Receipt::Journal { journal } => read_limited(&**context.fs, &RelPath::literal(layout::JOURNAL), 1 << 30)
            .is_ok_and(|bytes| ContentHash::of(&bytes) == *journal),
    }
}

fn digest_of(context: &Context<'_>, path: &RelPath) -> Result<Option<ContentHash>, FsError> {
    let fs = &**context.fs;
    match fs.stat(path) {
        Ok(stat) if stat.kind == FileKind::Dir => Ok(FolderListing::read(fs, path)?.digest),
        Ok(_) => Ok(read_limited(fs, path, 64 << 20).ok().map(|bytes| ContentHash::of(&bytes))),
        Err(error) if error.is_absent() => Ok(None),
        Err(error) => Err(error),
    }
}

/// The operation since `made` that touched what a receipt is about, where there is a record of one.
fn by_whom(context: &Context<'_>, receipt: &Receipt, made: PlanId) -> Option<(OperationId, String)> {
    let history = context.history()?;
    let later = history.items.iter().take_while(|item| item.at_ms() >= millis_of(made));
    let touches = |journal: &Journal| match receipt {
        Receipt::Path { path, .. } => {
            journal.steps.iter().flat_map(crate::plan::Record::paths).any(|at| at.is_within(path) || path.is_within(at))
        }
        Receipt::Entry { registry_entry, .. } => journal.affected.iter().any(|asset| match registry_entry {
            EntryName::Id(id) => asset.asset_id == Some(*id),
            EntryName::Root(root) => *asset.root == **root,
        }),
        Receipt::AddressFree { address_free } => {
            journal.affected.iter().any(|asset| asset.address.as_ref() == Some(address_free))
        }
        Receipt::UuidFree { uuid_free } => {
            let text = uuid_free.to_string();
            let entries = journal.registry.iter().flat_map(|registry| &registry.entries);
            entries.into_iter().any(|(_, after)| after.as_ref().is_some_and(|after| after.contains(&text)))
        }
        Receipt::Selector { .. } => journal.registry.is_some(),
        Receipt::Journal { .. } => false,
    };
    let found = later.filter_map(|item| crate::plan::history::record(&**context.fs, item.operation));
    found.into_iter().find(|journal| touches(journal)).map(|journal| (journal.operation, journal.service))
}

/// When a plan was made: its id says so.
fn millis_of(plan: PlanId) -> u64 {
    let (seconds, nanoseconds) = plan.uuid().get_timestamp().map_or((0, 0), |time| time.to_unix());
    seconds.saturating_mul(1_000).saturating_add(u64::from(nanoseconds) / 1_000_000)
}
