//! Settings: any text is read or refused, and what is refused says why.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packwright::workspace::Settings;

fuzz_target!(|text: &str| {
    if let Err(problems) = Settings::parse(text) {
        assert!(!problems.is_empty() && problems.iter().all(|problem| !problem.message.is_empty()));
    }
});
