//! `docs/conformance.md` names every clause of the specification once, and every test it names exists.
//!
//! A row is `| CLAUSE | … | tests |`: the first cell begins with the clause's id, the last names tests in backticks,
//! by function name or by path, or says `not yet`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::{Finding, Tree};
use crate::failure::Outcome;

const DOCUMENT: &str = "docs/conformance.md";
const NOT_YET: &str = "not yet";

/// The specification's clauses: each family, and the numbers it has.
const CLAUSES: [(&str, RangeInclusive<u32>); 17] = [
    ("DIAG", 0..=3),
    ("DOC", 1..=4),
    ("SAFE", 1..=4),
    ("SVC", 0..=15),
    ("EMB", 1..=5),
    ("OPC", 1..=2),
    ("RUN", 1..=5),
    ("CON", 1..=8),
    ("LANE", 1..=4),
    ("PREV", 1..=3),
    ("RESP", 1..=1),
    ("EVT", 1..=7),
    ("MUT", 1..=8),
    ("ENV", 1..=5),
    ("CMP", 1..=4),
    ("ORD", 1..=4),
    ("INC", 1..=3),
];

pub(crate) fn check(tree: &Tree) -> Outcome<Vec<Finding>> {
    if !tree.files.iter().any(|path| path == DOCUMENT) {
        return Ok(vec![Finding::new(DOCUMENT, 0, "is missing")]);
    }
    let text = tree.text(DOCUMENT)?.unwrap_or_default();
    Ok(judged(&text, &tree.rust.tests()))
}

fn judged(text: &str, tests: &BTreeSet<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let clauses = clauses();
    for row in rows(text) {
        let mut found = |message: String| findings.push(Finding::new(DOCUMENT, row.line, message));
        if !clauses.contains(row.clause) {
            found(format!("the specification has no clause {}", row.clause));
        }
        if let Some(first) = seen.insert(row.clause, row.line) {
            found(format!("{} stands in line {first} already", row.clause));
        }
        let named = quoted(row.tests);
        if named.is_empty() && row.tests != NOT_YET {
            found(format!("{} names no test in backticks and does not say `{NOT_YET}`", row.clause));
        }
        let lost = named.into_iter().filter(|name| !tests.contains(name.rsplit("::").next().unwrap_or(name)));
        lost.for_each(|name| found(format!("{} names `{name}`, which is no test", row.clause)));
    }
    let left_out = clauses.iter().filter(|clause| !seen.contains_key(clause.as_str()));
    findings.extend(left_out.map(|clause| Finding::new(DOCUMENT, 0, format!("{clause} has no row"))));
    findings
}

fn clauses() -> BTreeSet<String> {
    let family =
        |(name, numbers): (&'static str, RangeInclusive<u32>)| numbers.map(move |number| format!("{name}-{number}"));
    CLAUSES.into_iter().flat_map(family).collect()
}

struct Row<'a> {
    clause: &'a str,
    tests: &'a str,
    line: usize,
}

/// The table's rows whose first cell begins like a clause's id: capitals, a dash, digits.
fn rows(text: &str) -> impl Iterator<Item = Row<'_>> {
    text.lines().enumerate().filter_map(|(number, line)| {
        let cells: Vec<&str> = line.trim().strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
        let clause = cells.first()?.split_whitespace().next()?.trim_matches('`');
        let (family, digits) = clause.split_once('-')?;
        let is_id = !family.is_empty()
            && family.chars().all(|c| c.is_ascii_uppercase())
            && !digits.is_empty()
            && digits.chars().all(|c| c.is_ascii_digit());
        is_id.then_some(Row { clause, tests: cells.last()?, line: number + 1 })
    })
}

/// What stands in backticks.
fn quoted(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A document that holds every clause, with the rows of `changed` in place of its own.
    fn document(changed: &[(&str, &str)]) -> String {
        let row = |clause: String| {
            let own = changed.iter().find(|(id, _)| *id == clause).map_or("`a_test`", |(_, tests)| tests);
            format!("| {clause} | {own} |\n")
        };
        format!("| clause | tests |\n|---|---|\n{}", clauses().into_iter().map(row).collect::<String>())
    }

    fn messages(text: &str) -> Vec<String> {
        judged(text, &BTreeSet::from(["a_test"])).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_whole_document_whose_tests_exist_is_fine() {
        assert_eq!(messages(&document(&[("DOC-1", "not yet"), ("DOC-2", "`lane::tests::a_test`, `a_test`")])), [""; 0]);
    }

    #[test]
    fn a_test_that_does_not_exist_is_found() {
        assert_eq!(messages(&document(&[("INC-1", "`a_test`, `gone`")])), ["INC-1 names `gone`, which is no test"]);
    }

    #[test]
    fn a_claim_without_a_test_is_found() {
        assert_eq!(messages(&document(&[("INC-1", "held")])).len(), 1);
        assert_eq!(messages(&document(&[("INC-1", "")])).len(), 1);
    }

    #[test]
    fn a_clause_left_out_twice_there_or_unknown_is_found() {
        let text = document(&[]).replace("| INC-3 |", "| INC-2 |") + "| NEW-1 | `a_test` |\n";
        let messages = messages(&text);
        assert!(messages.iter().any(|message| message == "INC-3 has no row"), "{messages:?}");
        assert!(messages.iter().any(|message| message.starts_with("INC-2 stands in line")), "{messages:?}");
        assert!(messages.iter().any(|message| message == "the specification has no clause NEW-1"), "{messages:?}");
    }

    #[test]
    fn the_specification_has_eighty_seven_clauses() {
        assert_eq!(clauses().len(), 87);
    }
}
