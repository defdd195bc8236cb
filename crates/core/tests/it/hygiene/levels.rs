//! `[doctor.levels]`: how findings of hygiene are shown. What is structural has no switch.

use packwright::diagnose::{Code, Severity};
use serde_json::json;

use super::{asked, data, edit, examined, findings, untidy};
use crate::SETTINGS;

fn leveled(level: &str) -> packwright_testkit::Tree {
    untidy(|tree| {
        tree.write("assets/ui/button/notes.md", "to do");
        tree.write("packwright.toml", format!("{SETTINGS}[doctor.levels]\nH304 = \"{level}\"\n"));
    })
}

#[test]
fn diag_0_a_finding_of_hygiene_is_as_loud_as_the_settings_say() {
    for (level, severity) in [("info", Severity::Info), ("warning", Severity::Warning)] {
        let found = findings(&leveled(level));
        assert_eq!(found.iter().map(|found| found.severity).collect::<Vec<_>>(), [severity]);
    }
}

#[test]
fn one_that_is_off_is_not_looked_for_and_the_answer_says_so() {
    let response = examined(&leveled("off"));
    assert_eq!((response.diagnostics.len(), data(&response).off.as_slice()), (0, [Code::H304].as_slice()));
    assert!(!data(&response).checks.contains(&"H304".to_owned()));
    let named = asked(&leveled("off"), &json!({"service": "doctor", "only": ["H304"]}));
    assert_eq!((named.diagnostics.len(), data(&named).off.as_slice()), (0, [Code::H304].as_slice()));
}

#[test]
fn diag_0_a_code_that_is_structural_or_none_makes_the_settings_invalid() {
    for (levels, help) in [("S203 = \"off\"", None), ("H399 = \"off\"", Some("H309")), ("H30 = \"off\"", Some("H30"))] {
        let tree = untidy(|tree| tree.write("packwright.toml", format!("{SETTINGS}[doctor.levels]\n{levels}\n")));
        let found = findings(&tree);
        assert_eq!(found[0].code, Code::S108, "{levels}");
        let near = found[0].help.as_deref().unwrap_or_default();
        assert!(help.is_none_or(|help| near.contains(help)), "{levels}: {near}");
    }
}

#[test]
fn what_is_structural_stays_an_error_whatever_the_settings_say() {
    let tree = leveled("off");
    edit(&tree, super::MANIFEST, "*.txt", "*.png");
    assert_eq!(findings(&tree).iter().map(|found| found.severity).collect::<Vec<_>>(), [Severity::Error]);
}

#[test]
fn naming_a_code_of_hygiene_looks_at_the_workspace_for_it() {
    let tree = untidy(|tree| tree.write("assets/stray.png", "x"));
    let named = asked(&tree, &json!({"service": "doctor", "only": ["loose-file", "S203"]}));
    assert_eq!(named.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), [Code::H303]);
    assert_eq!(data(&named).checks, ["S203", "H303"]);
    let registered = asked(&tree, &json!({"service": "doctor"}));
    assert_eq!(registered.diagnostics, [], "nobody asked for it");
}
