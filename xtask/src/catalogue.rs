//! `cargo xtask catalogue`: writes `docs/diagnostics.md`, the pages of all findings in one, from the rules themselves.

use std::fmt::Write;
use std::path::Path;

use packwright::diagnose::{Code, Severity};

use crate::failure::{Doing, Outcome};

/// Where the page is.
pub(crate) const PAGE: &str = "docs/diagnostics.md";

/// Writes the page.
pub(crate) fn run(root: &Path) -> Outcome {
    std::fs::write(root.join(PAGE), page()).doing(|| format!("writing {PAGE}"))?;
    println!("wrote {} pages to {PAGE}", Code::ALL.len());
    Ok(())
}

/// The page as it should be.
pub(crate) fn page() -> String {
    let mut page = "# Findings\n\n\
        Made by `cargo xtask catalogue` from the pages that `packwright explain` prints; edit those, in\n\
        `crates/core/src/diagnose/pages/`. Structural findings (`S`) are about the registered world and block builds;\n\
        findings of hygiene (`H`) are about the workspace, are found by `packwright doctor --workspace`, and only advise.\n\n\
        | code | name | severity |\n|---|---|---|\n"
        .to_owned();
    for code in Code::ALL {
        let severity = match code.default_severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        };
        let anchor = format!("{code}-{}", code.name()).to_lowercase();
        let _ = writeln!(page, "| [{code}](#{anchor}) | {} | {severity} |", code.name());
    }
    for code in Code::ALL {
        let _ = write!(page, "\n#{}", code.page());
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_its_row_and_its_page() {
        let page = page();
        for code in Code::ALL {
            assert_eq!(page.matches(&format!("\n## {code} {}\n", code.name())).count(), 1, "{code}");
            assert!(page.contains(&format!("| [{code}](#")), "{code}");
        }
    }
}
