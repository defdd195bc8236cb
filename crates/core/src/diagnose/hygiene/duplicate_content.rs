//! H305: sources with the same bytes.

use std::num::{NonZeroU32, NonZeroU64};

use super::{NotChecked, Premises, SameBytes, count};
use crate::diagnose::{Code, Diagnostic, Fix, Location, Related};

/// So many others are named; of a larger group the number is said.
const MOST_RELATED: usize = 1_000;

pub(super) fn check(premises: &Premises<'_>, found: &mut Vec<Diagnostic>) -> Result<(), NotChecked> {
    found.extend(premises.same_bytes.iter().filter_map(of_group));
    Ok(())
}

fn of_group(group: &SameBytes<'_>) -> Option<Diagnostic> {
    let [(asset, first), others @ ..] = group.members.as_slice() else { return None };
    let wasted = group.size.saturating_mul(others.len() as u64);
    let message = format!(
        "{} have the same {}: {} wasted",
        count(group.members.len(), "file", "files"),
        bytes(group.size),
        bytes(wasted)
    );
    let mut made = Diagnostic::new(Code::H305, message).located(Location::file(first.disk.clone()));
    if others.iter().all(|(other, _)| other.root_text == asset.root_text) {
        made = made.of_asset(asset.reference());
    }
    let related = |(_, source): &(_, &crate::snapshot::SourceFile)| Related {
        location: Location::file(source.disk.clone()),
        message: "the same bytes".to_owned(),
    };
    made.related = others.iter().take(MOST_RELATED).map(related).collect();
    made.related_total =
        NonZeroU32::new(u32::try_from(others.len()).unwrap_or(u32::MAX)).filter(|_| others.len() > MOST_RELATED);
    made.wasted_bytes = NonZeroU64::new(wasted);
    let help = "keep one and let the game use it by its address; or say in packwright.toml that they are meant to be the \
                same, with [[doctor.allow]]";
    let made = made.with_help(help).with_fix(Fix::shown("keep one of them"));
    // By content: a group is the same one when a file joins or leaves it.
    Some(made.known_by(&group.hash.to_string()))
}

/// `1 byte`, `12345 bytes`.
fn bytes(n: u64) -> String {
    if n == 1 { "1 byte".to_owned() } else { format!("{n} bytes") }
}
