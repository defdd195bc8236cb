//! What services work on, and what they answer before the runtime puts its own words around it.

use std::sync::{Arc, OnceLock};

use super::{
    Blocker, BlockerCode, Data, KnownBuild, KnownHistory, Minted, Minter, PastOperation, Selection, Status, View,
};
use crate::build::LastBuild;
use crate::diagnose::{Code, Diagnostic};
use crate::event::Reporter;
use crate::fs::{FsError, SharedFs};
use crate::importer::ImporterSet;
use crate::plan::{Planned, Receipt};
use crate::snapshot::{Asset, Selected, SelectorError, Snapshot};
use crate::value::{AssetRef, Cancel, ContentHash, FieldHasher, OperationId, RelPath};
use crate::workspace::{Listing, layout};

/// What a service sees.
pub struct Context<'a> {
    /// The workspace's files.
    pub fs: &'a SharedFs,
    /// The importers.
    pub importers: &'a ImporterSet,
    /// What is known; the whole answer is read from it.
    pub view: &'a View,
    /// Its snapshot.
    pub snapshot: &'a Snapshot,
    /// What it remembers of files.
    pub listing: &'a Listing,
    /// The operation.
    pub operation: OperationId,
    /// Its voice.
    pub reporter: &'a Reporter,
    /// How it is stopped.
    pub cancel: &'a Cancel,
    /// Makes up what a plan needs.
    pub minter: Minter,
    /// Whether nothing will be done.
    pub is_preview: bool,
    built: OnceLock<Option<Arc<KnownBuild>>>,
}

/// What a service answers.
#[derive(Debug)]
pub struct Answer {
    /// How it ended.
    pub status: Status,
    /// What happened, in one line.
    pub summary: String,
    /// The assets it is about.
    pub affected: Vec<AssetRef>,
    /// Findings.
    pub diagnostics: Vec<Diagnostic>,
    /// Why nothing was done.
    pub blockers: Vec<Blocker>,
    /// What the service answers beside that.
    pub data: Data,
}

/// A mutation that is planned, and what its answer will be when it is committed.
pub struct Proposal {
    /// What to do, how a person is shown it, and what it relies on.
    pub planned: Planned,
    /// The answer.
    pub answer: Answer,
    /// The operation that it reverts.
    pub reverts: Option<OperationId>,
}

impl Proposal {
    /// A plan and its answer.
    #[must_use]
    pub const fn new(planned: Planned, answer: Answer) -> Self {
        Self { planned, answer, reverts: None }
    }
}

impl<'a> Context<'a> {
    /// The context of one operation.
    #[must_use]
    pub fn new(
        fs: &'a SharedFs,
        importers: &'a ImporterSet,
        view: &'a View,
        (operation, reporter, cancel): (OperationId, &'a Reporter, &'a Cancel),
    ) -> Self {
        let (snapshot, listing) = (&view.snapshot, &view.listing);
        let (minter, is_preview, built) = (Minter::default(), false, OnceLock::new());
        Self { fs, importers, view, snapshot, listing, operation, reporter, cancel, minter, is_preview, built }
    }

    /// The same for a plan: what was made up for it before is given back, and nothing may be done yet.
    #[must_use]
    pub fn planning(mut self, minted: Option<&Minted>, is_preview: bool) -> Self {
        self.minter = minted.map(Minter::giving).unwrap_or_default();
        self.is_preview = is_preview;
        self
    }

    /// What the rules find in the snapshot.
    #[must_use]
    pub fn structural(&self) -> &'a [Diagnostic] {
        self.view.findings.all()
    }

    /// The last build.
    pub fn last_build(&self) -> Option<&LastBuild> {
        Some(&self.known_build()?.last)
    }

    /// How many parts the last build made of an asset; `None` where it made nothing of it.
    #[must_use]
    pub fn n_parts_built(&self, asset: &Asset) -> Option<u64> {
        self.known_build()?.n_parts(asset.asset_id()?)
    }

    /// What was done; `None` where nothing was.
    #[must_use]
    pub fn history(&self) -> Option<Arc<KnownHistory>> {
        self.view.history.get(&**self.fs, &RelPath::literal(layout::HISTORY), |fs| Some(KnownHistory::load(fs)))
    }

    /// What was done to one asset, the newest first.
    #[must_use]
    pub fn history_of(&self, asset: &Asset) -> Vec<PastOperation> {
        self.history().map(|history| history.of(asset)).unwrap_or_default()
    }

    /// The last build, with what can be asked of it.
    pub fn known_build(&self) -> Option<&KnownBuild> {
        let path = || RelPath::literal(layout::LAST_BUILD);
        let read = || self.view.last_build.get(&**self.fs, &path(), KnownBuild::load);
        self.built.get_or_init(read).as_deref()
    }

    /// Blocks what needs settings that hold.
    ///
    /// # Errors
    /// The answer, where they do not.
    pub fn need_settings(&self) -> Result<(), Answer> {
        let usable = self.snapshot.settings().is_ok() && self.snapshot.setting.linked_folders.is_empty();
        if usable { Ok(()) } else { Err(Answer::structural(self.findings_of_files())) }
    }

    /// Blocks what needs settings and a registry that read.
    ///
    /// # Errors
    /// The answer, where they do not.
    pub fn need_registered_world(&self) -> Result<(), Answer> {
        self.need_settings()?;
        if self.snapshot.registry.fault.is_none() { Ok(()) } else { Err(Answer::structural(self.findings_of_files())) }
    }

    /// What is wrong with settings and registry as a whole.
    fn findings_of_files(&self) -> Vec<Diagnostic> {
        let whole = |found: &&Diagnostic| matches!(found.code, Code::S101 | Code::S102 | Code::S108);
        self.structural().iter().filter(whole).cloned().collect()
    }

    /// The one registered asset that a selector names.
    ///
    /// # Errors
    /// The answer, where it names none, several, or one that is not registered.
    pub fn select_one(&self, selector: &str) -> Result<Arc<Asset>, Answer> {
        let selected = self.select_registered(&Selection { selectors: vec![selector.to_owned()] })?;
        let mut assets = selected.into_values();
        match (assets.next(), assets.next()) {
            (Some(asset), None) => Ok(asset),
            _ => {
                let message = format!("`{selector}` names several assets");
                Err(Answer::blocked(vec![Blocker::new(BlockerCode::Ambiguous, message, "name one asset")]))
            }
        }
    }

    /// The receipts of selectors that would name other assets where others come or go.
    #[must_use]
    pub fn receipts_of(&self, selectors: &[String]) -> Vec<Receipt> {
        let is_glob = |selector: &&String| selector.contains(['*', '?', '[']);
        let receipt =
            |selector: &String| Receipt::Selector { selector: selector.clone(), digest: self.named_by(selector) };
        selectors.iter().filter(is_glob).map(receipt).collect()
    }

    /// Stands for the assets that a selector names.
    pub(super) fn named_by(&self, selector: &str) -> ContentHash {
        let selected = self.snapshot.select(&[selector.to_owned()]).unwrap_or_default();
        let mut hasher = FieldHasher::new("packwright selected assets v1");
        for asset in selected.values() {
            hasher.field(asset.root_text.as_bytes()).field(&asset.nth.to_le_bytes());
        }
        ContentHash::from_bytes(hasher.finish())
    }

    /// The registered assets that a request selects.
    ///
    /// # Errors
    /// The answer, where a selector names nothing, too much, or what is not registered.
    pub fn select_registered(&self, selection: &Selection) -> Result<Selected, Answer> {
        if selection.selectors.is_empty() {
            return Err(Answer::bad_request(
                "no asset is named",
                "name at least one by its address, root, UUID or asset_id",
            ));
        }
        let selected = self.snapshot.select(&selection.selectors).map_err(|errors| Answer::unselectable(&errors))?;
        let unregistered = selected.values().filter(|asset| asset.entry.is_none());
        let blockers: Vec<Blocker> = unregistered
            .map(|asset| {
                let root = &asset.root_text;
                let help = format!("register it first: `packwright register` with the folder of `{root}`");
                Blocker::new(BlockerCode::NotRegistered, format!("`{root}` is not registered"), help)
            })
            .collect();
        if blockers.is_empty() { Ok(selected) } else { Err(Answer::blocked(blockers)) }
    }

    /// How responses name the selected assets.
    #[must_use]
    pub fn references(&self, selected: &Selected) -> Vec<AssetRef> {
        selected.values().map(|asset| asset.reference()).collect()
    }
}

impl Answer {
    /// It is done.
    #[must_use]
    pub fn ok(summary: impl Into<String>, data: Data) -> Self {
        Self {
            status: Status::Ok,
            summary: summary.into(),
            affected: Vec::new(),
            diagnostics: Vec::new(),
            blockers: Vec::new(),
            data,
        }
    }

    /// Nothing was done, for these reasons.
    #[must_use]
    pub fn blocked(blockers: Vec<Blocker>) -> Self {
        let summary = match blockers.as_slice() {
            [] => "blocked".to_owned(),
            [one] => format!("blocked: {}", one.message),
            [first, rest @ ..] => format!("blocked: {}, and {} more", first.message, rest.len()),
        };
        Self { status: Status::Blocked, blockers, ..Self::ok(summary, Data::None {}) }
    }

    /// Something broke; nothing was done.
    #[must_use]
    pub fn failed(summary: impl Into<String>) -> Self {
        Self { status: Status::Failed, ..Self::ok(summary, Data::None {}) }
    }

    /// Nothing was done, because somebody said so.
    #[must_use]
    pub fn cancelled() -> Self {
        Self { status: Status::Cancelled, ..Self::failed("cancelled; nothing was done") }
    }

    /// The request is no request.
    #[must_use]
    pub fn bad_request(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::blocked(vec![Blocker::new(BlockerCode::BadRequest, message, help)])
    }

    /// The system said no before anything was done.
    #[must_use]
    pub fn of_system(error: &FsError) -> Self {
        if !error.is_read_only() {
            return Self::failed(error.to_string());
        }
        let help = "give yourself permission there; reads work all the same";
        Self::blocked(vec![Blocker::new(BlockerCode::ReadOnly, error.to_string(), help)])
    }

    /// Structural findings stand in the way.
    #[must_use]
    pub fn structural(findings: Vec<Diagnostic>) -> Self {
        let message = count(
            findings.len() as u64,
            "structural finding stands in the way",
            "structural findings stand in the way",
        );
        let help =
            "put right what the findings name; `packwright doctor` shows them, `packwright explain CODE` says more";
        let blocker = Blocker::new(BlockerCode::StructuralErrors, message, help);
        Self { diagnostics: findings, ..Self::blocked(vec![blocker]) }
    }

    /// Selectors that name nothing that can be worked with.
    #[must_use]
    pub fn unselectable(errors: &[SelectorError]) -> Self {
        let blocker = |error: &SelectorError| {
            let (code, help) = match error {
                SelectorError::NotFound(_) => (BlockerCode::NotFound, "`packwright list` shows what there is"),
                SelectorError::Ambiguous { .. } => {
                    (BlockerCode::Ambiguous, "say which is meant with `address:`, `root:`, `uuid:` or `id:` before it")
                }
                SelectorError::Invalid { .. } => (BlockerCode::BadRequest, "correct the selector"),
            };
            Blocker::new(code, error.to_string(), help)
        };
        Self::blocked(errors.iter().map(blocker).collect())
    }

    /// With the assets it is about.
    #[must_use]
    pub fn about(mut self, affected: Vec<AssetRef>) -> Self {
        self.affected = affected;
        self
    }
}

/// `1 asset`, `2 assets`.
pub(super) fn count(n: u64, one: &str, many: &str) -> String {
    if n == 1 { format!("1 {one}") } else { format!("{n} {many}") }
}
