//! The seeded mistakes: each must be caught, and by a check that is meant to.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use packwright_testkit::Dice;
use packwright_testkit::model::{Counted, Fault, FaultKind};

use super::checks::{Check, Failure};
use super::mistaken::{Memory, Mistaken};
use super::prepared::Prepared;
use super::scenarios::scenario;
use super::session::Ground;
use super::trial::Trial;

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mistake {
    /// Nothing is.
    Nothing,
    /// The journal has a name before it has bytes.
    JournalNotSynced,
    /// Steps begin before the journal's name is durable.
    JournalNameNotSynced,
    /// The packer's own folder is new, and its name is not durable.
    PrivateFolderNotSynced,
    /// The new registry has a name before it has bytes.
    RegistryNotSynced,
    /// The new registry is synced when it has its name already.
    RegistrySyncedLate,
    /// Success is said before the registry's name is durable.
    RegistryNameNotSynced,
    /// A manifest has a name before it has bytes.
    ManifestNotSynced,
    /// The registry is replaced before a manifest's name is durable.
    ManifestNameNotSynced,
    /// What says how to restore has a name before it has bytes.
    EntryNotSynced,
    /// The folder that a root goes to is not synced.
    QuarantineEntryNotSynced,
    /// The name of that folder is not durable.
    QuarantineNotSynced,
    /// The folder that a root leaves is not synced.
    OriginNotSynced,
    /// New folders on the way to a root's new place are not synced.
    NewParentsNotSynced,
    /// The folder in the trash that something goes to is not synced.
    TrashFolderNotSynced,
    /// The name of that folder is not durable.
    TrashNotSynced,
    /// The journal becomes a record, and that is not durable where it comes to.
    HistoryNotSynced,
    /// Nor where it leaves.
    RetiredJournalNotSynced,
    /// What is undone is not durable when its journal goes.
    UndoNotSynced,
    /// Folders that are left empty are removed, and that is not durable when the journal goes.
    TidyingNotSynced,
    /// The pack counts before its bytes are durable.
    PackNotSynced,
    /// Outputs get their names in a folder that is not synced.
    OutputsNotSynced,
    /// A folder on the way to that of the outputs is new, and its name is not durable.
    NewOutputFoldersNotSynced,
    /// Outputs are renamed before it is durable that the new set counts.
    PublicationNotSynced,
    /// There is no journal.
    NoJournal,
    /// The journal is put in its place just before the commit.
    JournalLate,
    /// The journal becomes a record before the commit.
    HistoryBeforeCommit,
    /// The journal is forgotten before what it says is undone.
    JournalForgottenFirst,
    /// The journal never goes.
    JournalStays,
    /// The registry is written over the old one.
    RegistryInPlace,
    /// A manifest is written over the old one.
    ManifestInPlace,
    /// Manifests come after the registry that names them.
    ManifestAfterRegistry,
    /// Success is said before the registry is replaced.
    OkBeforeCommit,
    /// What is to be deleted is deleted before the commit.
    TrashEmptiedEarly,
    /// What is to be deleted is not deleted after the commit.
    TrashStays,
    /// Nothing is undone.
    NothingUndone,
    /// Steps are undone in the order in which they were done.
    UndoneForward,
    /// Manifests are not given their old bytes again.
    UndoKeepsEdits,
    /// Recovery undoes what is committed.
    RecoveryAlwaysUndoes,
    /// Recovery does what is not committed.
    RecoveryRedoes,
    /// A journal that was copied with its workspace is followed.
    ForeignJournalFollowed,
    /// Temporary files stay.
    TemporariesStay,
    /// A replaced file gets other permissions.
    ModeNotKept,
    /// The lock keeps nobody out.
    LockForEverybody,
    /// An error of a sync of a file is swallowed.
    FileSyncErrorsIgnored,
    /// A sync of a file that failed is tried again, and believed.
    FailedSyncTriedAgain,
    /// An error of a sync of a folder is swallowed.
    FolderSyncErrorsIgnored,
    /// An error of a write is swallowed.
    WriteErrorsIgnored,
    /// A move replaces what is there.
    MovesReplace,
}

/// A mistake, the mutation that shows it, and the checks that are meant to catch it.
type Seeded = (Mistake, &'static str, &'static [Check]);

const SEEDED: &[Seeded] = &[
    (Mistake::JournalNotSynced, "remove_quarantine", &[Check::AllOrNothing, Check::GoesOn]),
    (Mistake::JournalNameNotSynced, "relocate", &[Check::AllOrNothing]),
    (Mistake::PrivateFolderNotSynced, "relocate_in_a_fresh_clone", &[Check::AllOrNothing]),
    (Mistake::RegistryNotSynced, "exclude", &[Check::AllOrNothing]),
    (Mistake::RegistrySyncedLate, "exclude", &[Check::AllOrNothing]),
    (Mistake::RegistryNameNotSynced, "exclude", &[Check::OkIsDone]),
    (Mistake::ManifestNotSynced, "register_new", &[Check::AllOrNothing]),
    (Mistake::ManifestNameNotSynced, "register_new", &[Check::AllOrNothing]),
    (Mistake::EntryNotSynced, "remove_quarantine", &[Check::AllOrNothing]),
    (Mistake::QuarantineEntryNotSynced, "remove_quarantine", &[Check::AllOrNothing]),
    (Mistake::QuarantineNotSynced, "remove_quarantine", &[Check::AllOrNothing]),
    (Mistake::OriginNotSynced, "remove_quarantine", &[Check::AllOrNothing]),
    (Mistake::NewParentsNotSynced, "relocate_into_new_folders", &[Check::AllOrNothing]),
    (Mistake::TrashFolderNotSynced, "remove_delete", &[Check::AllOrNothing]),
    (Mistake::TrashNotSynced, "remove_delete", &[Check::AllOrNothing]),
    (Mistake::HistoryNotSynced, "edit", &[Check::OkIsDone]),
    (Mistake::RetiredJournalNotSynced, "edit", &[Check::OkIsDone]),
    (Mistake::UndoNotSynced, "remove_quarantine", &[Check::AllOrNothing]),
    (Mistake::TidyingNotSynced, "restore_one_of_two", &[Check::NoLitter]),
    (Mistake::PackNotSynced, "build", &[Check::AllOrNothing]),
    (Mistake::OutputsNotSynced, "build", &[Check::AllOrNothing, Check::OkIsDone]),
    (Mistake::NewOutputFoldersNotSynced, "build_into_new_folders", &[Check::OkIsDone]),
    (Mistake::PublicationNotSynced, "build", &[Check::AllOrNothing]),
    (Mistake::NoJournal, "remove_quarantine", &[Check::AllOrNothing]),
    (Mistake::JournalLate, "remove_quarantine", &[Check::AllOrNothing]),
    (Mistake::HistoryBeforeCommit, "remove_quarantine", &[Check::AllOrNothing]),
    (Mistake::JournalForgottenFirst, "remove_quarantine", &[Check::AllOrNothing]),
    (Mistake::JournalStays, "exclude", &[Check::NoLitter]),
    (Mistake::RegistryInPlace, "exclude", &[Check::AllOrNothing]),
    (Mistake::ManifestInPlace, "edit", &[Check::AllOrNothing]),
    (Mistake::ManifestAfterRegistry, "register_new", &[Check::AllOrNothing]),
    (Mistake::OkBeforeCommit, "exclude", &[Check::OkIsDone]),
    (Mistake::TrashEmptiedEarly, "remove_delete", &[Check::AllOrNothing]),
    (Mistake::TrashStays, "remove_delete", &[Check::NoLitter]),
    (Mistake::NothingUndone, "remove_quarantine", &[Check::AllOrNothing]),
    (Mistake::UndoneForward, "remove_quarantine", &[Check::NoLitter, Check::AllOrNothing]),
    (Mistake::UndoKeepsEdits, "register_copy", &[Check::AllOrNothing]),
    (Mistake::RecoveryAlwaysUndoes, "remove_quarantine", &[Check::AllOrNothing]),
    (Mistake::RecoveryRedoes, "remove_quarantine", &[Check::AllOrNothing, Check::ErrorIsNotDone]),
    (Mistake::ForeignJournalFollowed, "recover_foreign", &[Check::LeftToAPerson]),
    (Mistake::TemporariesStay, "exclude", &[Check::NoLitter]),
    (Mistake::ModeNotKept, "exclude", &[Check::AllOrNothing]),
    (Mistake::LockForEverybody, "exclude", &[Check::GoesOn]),
    (Mistake::FileSyncErrorsIgnored, "exclude", &[Check::AllOrNothing]),
    (Mistake::FailedSyncTriedAgain, "exclude", &[Check::AllOrNothing]),
    (Mistake::FolderSyncErrorsIgnored, "exclude", &[Check::OkIsDone]),
    (Mistake::WriteErrorsIgnored, "exclude", &[Check::AllOrNothing]),
];

/// How many faults a mistake may take to show.
const PATIENCE: usize = 1_500;

/// Fails where a mistake is not caught by a check that is meant to; others may catch it too.
fn catch(&(mistake, name, meant): &Seeded, seed: u64) -> String {
    let memory: Arc<Mutex<Memory>> = Arc::default();
    let ground = Ground::through(move |files| Arc::new(Mistaken::new(files, mistake, &memory)));
    let prepared = Prepared::new(scenario(name));
    let mut trial = Trial::new(&prepared, &ground);
    let mut dice = Dice::new(seed);
    let mut others: BTreeSet<Check> = BTreeSet::new();
    for fault in mixed(prepared.faults(), &mut dice).into_iter().take(PATIENCE) {
        trial.attempt(fault, dice.throw() % 1_000_000);
        if let Some(Failure { check, way, .. }) = trial.tally.failures.pop() {
            if meant.contains(&check) {
                return format!("caught {mistake:?} by {check:?} at fault {}: {way}", trial.tally.faults);
            }
            others.insert(check);
        }
    }
    panic!("{mistake:?} was not caught at {} faults of {name}, save by {others:?}", trial.tally.faults)
}

/// All faults in no order, stops and errors by turns; errors of looks, which show the least, come last.
fn mixed(faults: Vec<Fault>, dice: &mut Dice) -> Vec<Fault> {
    let (looks, changes): (Vec<Fault>, Vec<Fault>) =
        faults.into_iter().partition(|fault| fault.counted == Counted::All);
    let (mut cuts, mut errors): (Vec<Fault>, Vec<Fault>) =
        changes.into_iter().partition(|fault| fault.kind == FaultKind::Cut);
    let mut mixed = Vec::new();
    while !(cuts.is_empty() && errors.is_empty()) {
        for faults in [&mut cuts, &mut errors] {
            if !faults.is_empty() {
                mixed.push(faults.swap_remove(dice.below(faults.len())));
            }
        }
    }
    mixed.extend(looks);
    mixed
}

/// How many mistakes a normal run tries.
const FEW: usize = 2;

#[test]
fn every_seeded_mistake_is_caught() {
    let seed = super::seed();
    let n = if super::from_environment("CRASH_POINTS").is_some() { SEEDED.len() } else { FEW };
    let only = std::env::var("CRASH_ONLY").ok();
    let mut missed = Vec::new();
    for (seeded, seed) in super::drawn(SEEDED.iter().collect(), SEEDED.len(), seed).take(n) {
        if only.as_deref().is_some_and(|only| format!("{:?}", seeded.0) != only) {
            continue;
        }
        match std::panic::catch_unwind(|| catch(seeded, seed)) {
            Ok(caught) => super::note(&caught),
            Err(panic) => missed.push(super::trial::words(&*panic)),
        }
    }
    assert!(missed.is_empty(), "{} mistakes were missed:\n{}", missed.len(), missed.join("\n"));
}
