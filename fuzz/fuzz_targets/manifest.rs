//! The manifest: what reads can be edited, and reads with the edit and nothing else changed.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packwright::workspace::{Manifest, ManifestEdit};
use packwright_importers::standard;

fuzz_target!(|bytes: &[u8]| {
    let importers = standard();
    let Ok(manifest) = Manifest::parse(bytes, &importers) else { return };
    let text = std::str::from_utf8(bytes).expect("a manifest is UTF-8");
    let edited = Manifest::edit(text, &[ManifestEdit::Preload(!manifest.preload)]).expect("a manifest can be edited");
    let again = Manifest::parse(edited.as_bytes(), &importers).expect("and is one still");
    assert_eq!(again.preload, !manifest.preload);
    assert_eq!((again.uuid, again.address), (manifest.uuid, manifest.address));
});
