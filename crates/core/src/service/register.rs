//! `register_asset`: asset roots enter the registered world, one or many, in one commit.
//!
//! Everything that could stand in the way is found before the first write, and all of it is reported, not the first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::answer::count;
use super::{Answer, Blocker, BlockerCode, Context, Data, Proposal, RegisterAsset, RegisterData};
use crate::fs::read_limited;
use crate::importer::ImporterSet;
use crate::plan::{Draft, Receipt};
use crate::snapshot::{Asset, ManifestState, Snapshot};
use crate::value::{Address, AssetId, AssetRef, AssetUuid, RelPath};
use crate::workspace::{Manifest, ManifestEdit, RegistryEntry, Standing, nearest};

/// Takes asset roots into the registered world.
///
/// # Errors
/// The answer, where nothing can be done.
pub(super) fn register(context: &Context<'_>, request: &RegisterAsset) -> Result<Proposal, Answer> {
    context.need_registered_world()?;
    check_request(context, request)?;
    let mut found = Candidates::new(context.snapshot);
    for text in &request.roots {
        found.add(request, text);
    }
    if found.roots.is_empty() && found.unchanged.is_empty() && found.blockers.is_empty() {
        found.blockers.push(nothing_to_register(request));
    }
    found.check_nesting();
    let mut taking = Taking::new(context, request);
    let identified = taking.identify(&found.roots, &mut found.blockers);
    if !found.blockers.is_empty() {
        return Err(Answer::blocked(found.blockers));
    }
    Ok(taking.propose(&identified, found))
}

fn check_request(context: &Context<'_>, request: &RegisterAsset) -> Result<(), Answer> {
    if request.roots.is_empty() {
        return Err(Answer::bad_request("no folder is named", "name at least one folder below the assets folder"));
    }
    if request.address.is_some() && (request.roots.len() != 1 || request.recursive) {
        return Err(Answer::bad_request(
            "an address was given for several folders",
            "give an address to one folder at a time",
        ));
    }
    if let Some(address) = &request.address
        && let Err(error) = address.parse::<Address>()
    {
        return Err(Answer::bad_request(error.to_string(), "an address looks like `ui/button`"));
    }
    let known = |name: &str| name == ImporterSet::AUTO || context.importers.get(name).is_some();
    if let Some(name) = request.importer.as_deref().filter(|name| !known(name)) {
        let names: Vec<&str> =
            std::iter::once(ImporterSet::AUTO).chain(context.importers.iter().map(|one| one.name())).collect();
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the importers are {}", names.join(", ")),
        };
        return Err(Answer::bad_request(format!("there is no importer `{name}`"), help));
    }
    Ok(())
}

fn nothing_to_register(request: &RegisterAsset) -> Blocker {
    if request.recursive {
        let help = "without `--recursive`, each folder named becomes one asset, and its manifest is written for you";
        Blocker::new(BlockerCode::NotFound, "no folder there holds a manifest", help)
    } else {
        Blocker::new(
            BlockerCode::NotAFolder,
            "only files were named",
            "an asset is a folder: name the folder that holds them",
        )
    }
}

/// The folders that a request names.
struct Candidates<'a> {
    snapshot: &'a Snapshot,
    roots: BTreeSet<RelPath>,
    unchanged: Vec<AssetRef>,
    passed_over: Vec<RelPath>,
    blockers: Vec<Blocker>,
}

impl<'a> Candidates<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        let (unchanged, passed_over) = (Vec::new(), Vec::new());
        Self { snapshot, roots: BTreeSet::new(), unchanged, passed_over, blockers: Vec::new() }
    }

    fn add(&mut self, request: &RegisterAsset, text: &str) {
        let snapshot = self.snapshot;
        let trimmed = text.trim_end_matches('/');
        let is_whole = matches!(trimmed, "" | ".") && !text.starts_with('/');
        let root = if is_whole {
            RelPath::root()
        } else {
            match RelPath::parse(trimmed) {
                Ok(root) => root,
                Err(error) => {
                    self.block(BlockerCode::BadRequest, error.to_string(), "name a folder below the assets folder");
                    return;
                }
            }
        };
        let assets = snapshot.assets_dir();
        match snapshot.tree.standing(&root) {
            Standing::Folder if request.recursive => self.add_below(&root),
            Standing::Folder if is_whole => {
                let help = "name the folders in it (`assets/*`), or use `--recursive` for those that hold a manifest";
                self.block(BlockerCode::HoldsRoots, "the assets folder itself is no asset", help);
            }
            Standing::Folder => self.add_one(root),
            Standing::File => self.passed_over.push(assets.join(&root)),
            Standing::Nothing if is_whole => {
                let message = format!("there is no folder `{assets}`");
                self.block(BlockerCode::NotFound, message, "make it, and put the folders with your art in it");
            }
            Standing::Nothing if snapshot.setting.ignored.covers(&root, true).is_some() => {
                let message = format!("`{}` is ignored", assets.join(&root));
                self.block(
                    BlockerCode::NotFound,
                    message,
                    "see `ignore` in packwright.toml; editor litter is always ignored",
                );
            }
            Standing::Nothing => {
                let message = format!("there is nothing at `{}`", assets.join(&root));
                self.block(BlockerCode::NotFound, message, "check the spelling; upper and lower case are told apart");
            }
            Standing::Link(link) => {
                let message = format!("`{}` is, or lies behind, a link", assets.join(&link));
                self.block(BlockerCode::NotAFolder, message, "links are never followed: put the folder itself there");
            }
            Standing::Other => {
                let message = format!("`{}` is neither a folder nor a file", assets.join(&root));
                self.block(BlockerCode::NotAFolder, message, "name a folder");
            }
            Standing::Unreadable(why) => {
                let message = format!("`{}` cannot be read: {why}", assets.join(&root));
                self.block(BlockerCode::NotAFolder, message, "give yourself permission to read it");
            }
        }
    }

    fn add_one(&mut self, root: RelPath) {
        match registered_at(self.snapshot, &root) {
            Some(asset) => self.unchanged.push(asset.reference()),
            None => {
                self.roots.insert(root);
            }
        }
    }

    fn add_below(&mut self, root: &RelPath) {
        let holders = self.snapshot.tree.folders_within(root).filter(|(_, folder)| folder.holds_manifest());
        for path in holders.map(|(path, _)| path.clone()).filter(|path| !path.is_root()) {
            self.add_one(path);
        }
    }

    fn block(&mut self, code: BlockerCode, message: impl Into<String>, help: impl Into<String>) {
        self.blockers.push(Blocker::new(code, message, help));
    }

    /// No root inside another, and no folder that only some file systems tell from a registered one.
    fn check_nesting(&mut self) {
        let snapshot = self.snapshot;
        let mut new_folded: BTreeMap<String, RelPath> = BTreeMap::new();
        let mut blockers = Vec::new();
        for root in &self.roots {
            if let Some(outer) =
                ancestors(root).find(|path| registered_at(snapshot, path).is_some() || self.roots.contains(path))
            {
                let help = format!("an asset takes its whole folder: `{root}` already belongs to `{outer}`");
                blockers.push(Blocker::new(
                    BlockerCode::NestedRoot,
                    format!("`{root}` lies inside the asset root `{outer}`"),
                    help,
                ));
            }
            let inner = snapshot.assets.registered_within(root).filter_map(|asset| asset.root.as_ref().ok()).next();
            let holder =
                || snapshot.tree.folders_within(root).find(|(path, folder)| *path != root && folder.holds_manifest());
            if let Some(inner) = inner {
                let help = "register the folders beside it one by one, or remove the inner asset first";
                blockers.push(Blocker::new(
                    BlockerCode::NestedRoot,
                    format!("the registered root `{inner}` lies inside `{root}`"),
                    help,
                ));
            } else if let Some((path, _)) = holder()
                && !self.roots.contains(path)
            {
                let message = format!("`{root}` holds folders with manifests of their own, `{path}` for one");
                blockers.push(Blocker::new(
                    BlockerCode::HoldsRoots,
                    message,
                    "register those instead, with `--recursive`",
                ));
            }
            let folded = root.folded();
            let registered = snapshot.assets.folded_as(&folded).find(|asset| asset.entry.is_some());
            let other =
                registered.and_then(|asset| asset.root.clone().ok()).or_else(|| new_folded.get(&folded).cloned());
            if let Some(other) = other {
                let message = format!("`{root}` and `{other}` are one folder where upper and lower case are the same");
                blockers.push(Blocker::new(BlockerCode::RootTaken, message, "rename one of them"));
            }
            new_folded.insert(folded, root.clone());
        }
        self.blockers.extend(blockers);
    }
}

fn registered_at<'a>(snapshot: &'a Snapshot, root: &RelPath) -> Option<&'a Arc<Asset>> {
    snapshot.assets.at_root(root).into_iter().find(|asset| asset.entry.is_some())
}

fn ancestors(root: &RelPath) -> impl Iterator<Item = RelPath> {
    std::iter::successors(root.parent(), RelPath::parent).filter(|path| !path.is_root())
}

/// What a root will be known by, and what has to be written for it.
struct Identified {
    root: RelPath,
    uuid: AssetUuid,
    address: Address,
    write: Write,
}

/// What happens to a root's manifest.
enum Write {
    /// It is adopted as it is.
    Nothing,
    /// There is none: this one.
    New,
    /// It is a copy's: a UUID and an address of its own.
    AsCopy { before: AssetUuid, address_before: Address },
}

/// Identities while they are given out: beside those of the registered world, these are taken now, by these roots.
struct Taking<'a> {
    context: &'a Context<'a>,
    request: &'a RegisterAsset,
    uuids: BTreeMap<AssetUuid, Arc<str>>,
    addresses: BTreeMap<Address, Arc<str>>,
    ids: BTreeSet<AssetId>,
}

impl<'a> Taking<'a> {
    fn new(context: &'a Context<'a>, request: &'a RegisterAsset) -> Self {
        Self { context, request, uuids: BTreeMap::new(), addresses: BTreeMap::new(), ids: BTreeSet::new() }
    }

    /// Who has that UUID.
    fn uuid_holder(&self, uuid: AssetUuid) -> Option<Arc<str>> {
        let registered = self.context.snapshot.assets.with_uuid(uuid).find(|asset| asset.entry.is_some());
        registered.map(|asset| Arc::clone(&asset.root_text)).or_else(|| self.uuids.get(&uuid).cloned())
    }

    /// Who has that address.
    fn address_holder(&self, address: &Address) -> Option<Arc<str>> {
        let registered = self.context.snapshot.assets.with_address(address).find(|asset| asset.entry.is_some());
        registered.map(|asset| Arc::clone(&asset.root_text)).or_else(|| self.addresses.get(address).cloned())
    }

    fn is_free_id(&self, id: AssetId) -> bool {
        self.context.snapshot.asset(id).is_none() && !self.ids.contains(&id)
    }

    /// Manifests that are there first: what people wrote goes before what is derived.
    fn identify(&mut self, roots: &BTreeSet<RelPath>, blockers: &mut Vec<Blocker>) -> Vec<Identified> {
        let snapshot = self.context.snapshot;
        let at_root = |root: &RelPath| snapshot.assets.at_root(root).into_iter().find(|asset| asset.entry.is_none());
        let by_root: BTreeMap<&RelPath, &Arc<Asset>> =
            roots.iter().filter_map(|root| Some((root, at_root(root)?))).collect();
        let mut identified = Vec::new();
        for root in roots {
            match by_root.get(root).map(|asset| &asset.manifest) {
                None | Some(ManifestState::Missing) => {}
                Some(ManifestState::Valid(manifest)) => match self.adopt(root, manifest) {
                    Ok(one) => identified.push(one),
                    Err(blocker) => blockers.push(blocker),
                },
                Some(ManifestState::Invalid(errors)) => {
                    let problem = errors.problems.iter().chain(&errors.escapes).next();
                    blockers.push(self.invalid(
                        root,
                        problem.map_or("it breaks a rule", |problem| &problem.message),
                        problem.and_then(|p| p.place).map(|place| place.line),
                    ));
                }
                Some(ManifestState::Unreadable(why)) => blockers.push(self.invalid(root, why, None)),
            }
        }
        for root in roots.iter().filter(|root| !by_root.contains_key(root)) {
            match self.make(root) {
                Ok(one) => identified.push(one),
                Err(blocker) => blockers.push(blocker),
            }
        }
        identified.sort_by(|a, b| a.root.cmp(&b.root));
        identified
    }

    fn adopt(&mut self, root: &RelPath, manifest: &Manifest) -> Result<Identified, Blocker> {
        if self.request.address.is_some() || self.request.importer.is_some() {
            let message = format!("`{root}` has a manifest, so that its address and importer are said there");
            let help = "leave `--address` and `--importer` out, and edit the manifest";
            return Err(Blocker::new(BlockerCode::ManifestExists, message, help));
        }
        if let Some(other) = self.uuid_holder(manifest.uuid) {
            if self.request.as_copy {
                let address = self.free_address(root);
                let uuid = self.context.minter.uuid();
                let write = Write::AsCopy { before: manifest.uuid, address_before: manifest.address.clone() };
                return Ok(self.take(Identified { root: root.clone(), uuid, address, write }));
            }
            return Err(self.uuid_taken(root, &other));
        }
        if let Some(other) = self.address_holder(&manifest.address) {
            let message = format!("the address `{}` of `{root}` belongs to `{other}`", manifest.address);
            return Err(Blocker::new(BlockerCode::AddressTaken, message, "write another `address` into its manifest"));
        }
        let one = Identified {
            root: root.clone(),
            uuid: manifest.uuid,
            address: manifest.address.clone(),
            write: Write::Nothing,
        };
        Ok(self.take(one))
    }

    fn uuid_taken(&self, root: &RelPath, other: &str) -> Blocker {
        let is_gone = |asset: &Arc<Asset>| asset.standing == Standing::Nothing;
        let (message, help) = if self.context.snapshot.assets.spelled(other).any(is_gone) {
            (
                format!("`{root}` has the UUID of `{other}`, whose folder is gone: it was moved"),
                format!(
                    "move it back; or take the old entry out (`packwright remove root:{other} --keep`) and register it \
                     where it is now, which keeps its UUID"
                ),
            )
        } else {
            (
                format!("`{root}` has the UUID of `{other}`: it was copied"),
                "register it with `--as-copy`, which gives it a UUID and an address of its own".to_owned(),
            )
        };
        Blocker::new(BlockerCode::UuidTaken, message, help)
    }

    fn make(&mut self, root: &RelPath) -> Result<Identified, Blocker> {
        let said = self.request.address.as_deref().and_then(|address| address.parse::<Address>().ok());
        if let Some(address) = &said
            && let Some(other) = self.address_holder(address)
        {
            let message = format!("the address `{address}` belongs to `{other}`");
            return Err(Blocker::new(BlockerCode::AddressTaken, message, "choose another address"));
        }
        let address = said.unwrap_or_else(|| self.free_address(root));
        Ok(self.take(Identified { root: root.clone(), uuid: self.context.minter.uuid(), address, write: Write::New }))
    }

    fn take(&mut self, one: Identified) -> Identified {
        self.uuids.insert(one.uuid, one.root.as_str().into());
        self.addresses.insert(one.address.clone(), one.root.as_str().into());
        one
    }

    fn free_address(&self, root: &RelPath) -> Address {
        let derived = Address::derive(root);
        let mut numbered = std::iter::once(derived.clone()).chain((2..).map(|n| derived.numbered(n)));
        numbered.find(|address| self.address_holder(address).is_none()).unwrap_or(derived)
    }

    fn invalid(&self, root: &RelPath, why: &str, line: Option<u32>) -> Blocker {
        let path = self.context.snapshot.assets_dir().join(root).entry(Manifest::FILE);
        let at = line.map(|line| format!(":{line}")).unwrap_or_default();
        let help = "correct the manifest; or delete it, and register the folder anew with a new identity";
        Blocker::new(BlockerCode::ManifestInvalid, format!("{path}{at}: {why}"), help)
    }

    fn propose(mut self, identified: &[Identified], found: Candidates<'_>) -> Proposal {
        let mut draft = Draft::default();
        let mut registered = Vec::new();
        let mut manifests_written = Vec::new();
        for one in identified {
            let path = self.manifest_path(&one.root);
            match &one.write {
                Write::Nothing => {
                    // What it is registered by is what its manifest says.
                    let text = read_limited(&**self.context.fs, &path, Manifest::MAX_BYTES).unwrap_or_default();
                    draft.relies_on_new(Receipt::file(path, &text));
                }
                Write::New => {
                    let text = Manifest::initial(one.uuid, &one.address, self.request.importer.as_deref());
                    manifests_written.push(path.clone());
                    draft.create(path, text.into_bytes());
                }
                Write::AsCopy { before, address_before } => {
                    let before = serde_json::json!({"uuid": before, "address": address_before});
                    let after = serde_json::json!({"uuid": one.uuid, "address": one.address});
                    manifests_written.push(path.clone());
                    let texts = self.edit_copy(&path, one);
                    draft.edit_manifest(path, texts, (before, after));
                }
            }
            let asset_id = AssetId::derive(one.uuid, |id| self.is_free_id(id)).expect("fewer assets than ids");
            self.ids.insert(asset_id);
            draft.registry_add(RegistryEntry::new(asset_id, one.uuid, &one.root, self.request.included));
            draft.relies_on_new(Receipt::AddressFree { address_free: one.address.clone() });
            registered.push(AssetRef {
                asset_id: Some(asset_id),
                address: Some(one.address.clone()),
                root: one.root.as_str().into(),
            });
        }
        let summary = summary(&registered, &manifests_written, &found);
        let data = RegisterData {
            registered: registered.clone(),
            unchanged: found.unchanged,
            manifests_written,
            passed_over: found.passed_over,
        };
        let answer = Answer::ok(summary, Data::RegisterAsset(data)).about(registered);
        Proposal::new(draft.finish(self.context.snapshot), answer)
    }

    /// The manifest's bytes now, and with the copy's own identity.
    fn edit_copy(&self, path: &RelPath, one: &Identified) -> (Vec<u8>, Vec<u8>) {
        let old = read_limited(&**self.context.fs, path, Manifest::MAX_BYTES).unwrap_or_default();
        let edits = [ManifestEdit::Uuid(one.uuid), ManifestEdit::Address(one.address.clone())];
        let edited = Manifest::edit(&String::from_utf8_lossy(&old), &edits);
        // A manifest that changed since it was read does not match what is planned on, and stops the commit.
        (old, edited.unwrap_or_default().into_bytes())
    }

    /// Where a root's manifest is or will be, as the disk spells the folder.
    fn manifest_path(&self, root: &RelPath) -> RelPath {
        let snapshot = self.context.snapshot;
        let disk = snapshot.tree.folder(root).map_or(root, |folder| &folder.disk);
        snapshot.assets_dir().join(disk).entry(Manifest::FILE)
    }
}

fn summary(registered: &[AssetRef], written: &[RelPath], found: &Candidates<'_>) -> String {
    let mut parts = vec![format!("{} registered", count(registered.len() as u64, "asset", "assets"))];
    if !written.is_empty() {
        parts.push(format!("{} written", count(written.len() as u64, "manifest", "manifests")));
    }
    if !found.unchanged.is_empty() {
        parts.push(format!("{} registered before", found.unchanged.len()));
    }
    if !found.passed_over.is_empty() {
        parts.push(format!("{} passed over", count(found.passed_over.len() as u64, "file", "files")));
    }
    parts.join(", ")
}
