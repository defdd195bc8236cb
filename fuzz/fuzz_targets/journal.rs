//! The undo journal: whatever reads names no path that no operation touches, and is written as it was read.
//!
//! Behind its seal nothing but our own bytes would ever be tried, so the seal is put on here.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packwright::plan::Journal;

const KIND: &[u8] = b"PWJRNL01";

fuzz_target!(|bytes: &[u8]| {
    drop(Journal::read(bytes));
    let mut sealed = [KIND, bytes].concat();
    sealed.extend_from_slice(blake3::hash(&sealed).as_bytes());
    let Ok(journal) = Journal::read(&sealed) else { return };
    for path in journal.steps.iter().flat_map(|step| step.paths()) {
        assert!(!path.is_root() && path.as_str() != "packwright.registry.json" && path.as_str() != ".packwright/lock");
        assert!(path.segments().all(|segment| segment != ".." && segment != "."));
    }
    assert_eq!(Journal::read(&journal.to_bytes()).expect("what was written reads"), journal);
});
