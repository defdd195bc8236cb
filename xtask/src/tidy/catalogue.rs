//! The page of all findings is the one that the rules make.

use super::{Finding, Tree};
use crate::catalogue::{PAGE, page};
use crate::failure::Outcome;

pub(crate) fn check(tree: &Tree) -> Outcome<Vec<Finding>> {
    let is_there = tree.files.iter().any(|path| path == PAGE);
    let text = if is_there { tree.text(PAGE)? } else { None };
    let is_current = text.is_some_and(|text| text == page());
    Ok(if is_current {
        Vec::new()
    } else {
        vec![Finding::new(PAGE, 0, "is not what the rules say: run `cargo xtask catalogue`")]
    })
}
