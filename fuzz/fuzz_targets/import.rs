//! Importers: any bytes are imported or refused, by whoever takes them, with every setting that it has, and have a small
//! preview or none.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packwright::importer::{PartBytes, SettingKind, SettingValue, Settings, Source};
use packwright_importers::{preview, standard};

const NAMES: [&str; 6] = ["x", "x.png", "x.tga", "x.mp3", "x.json", "x.toml"];

// The last byte names the source, so that a seed is a file with one byte behind it.
fuzz_target!(|input: &[u8]| {
    let Some((choice, bytes)) = input.split_last() else { return };
    let importers = standard();
    let source = Source::in_memory(NAMES[usize::from(*choice) % NAMES.len()], bytes);
    let importer = importers.choose(&source).expect("some importer takes any bytes");
    let defaults = Settings::defaults(importer.settings());
    if let Ok(imported) = importer.import(&source, &defaults) {
        assert!(imported.parts.iter().all(|part| part.bytes == PartBytes::Kept), "the default keeps the bytes");
    }
    for setting in importer.settings() {
        let SettingKind::Choice(words) = setting.kind else { continue };
        for word in words {
            let mut settings = defaults.clone();
            settings.set(setting.name, SettingValue::Word((*word).to_owned()));
            let _ = importer.import(&source, &settings);
        }
    }
    if let Some(png) = preview(bytes, source.path(), 16) {
        let sides: &[[u8; 4]] = png[16..24].as_chunks().0;
        let is_small = |side: &[u8; 4]| (1..=16).contains(&u32::from_be_bytes(*side));
        assert!(sides.iter().all(is_small), "no side of a preview is longer than asked for");
    }
});
