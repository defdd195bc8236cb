//! Ids as people type them: as much of the beginning or the end as tells one from the others.
//!
//! Ids of operations begin with the time, so that those of one day look alike; their ends are chance, and are what is shown.

use packwright::value::OperationId;

/// Fewer digits could name another id tomorrow.
const LEAST: usize = 4;
const SHOWN: usize = 8;

/// The end of an operation's id.
pub(crate) fn short(id: OperationId) -> String {
    let text = id.to_string();
    let start = text.len().saturating_sub(SHOWN);
    text.get(start..).unwrap_or(&text).to_owned()
}

/// The ids that a word can mean: the one it spells, or else those that begin or end with it.
pub(crate) fn meant<'i>(typed: &str, ids: &'i [String]) -> Vec<&'i String> {
    let typed = typed.to_lowercase();
    if let Some(exact) = ids.iter().find(|id| id.to_lowercase() == typed) {
        return vec![exact];
    }
    if typed.len() < LEAST {
        return Vec::new();
    }
    let fits = |id: &&String| {
        let id = id.to_lowercase();
        id.starts_with(&typed) || id.ends_with(&typed)
    };
    ids.iter().filter(fits).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids() -> Vec<String> {
        ["0199aaaa-0000-7000-8000-00001234abcd", "0199aaab-0000-7000-8000-00005678abcd", "abc"]
            .map(str::to_owned)
            .into()
    }

    #[test]
    fn the_beginning_or_the_end_of_an_id_names_it() {
        let ids = ids();
        assert_eq!(meant("5678ABCD", &ids), [&ids[1]]);
        assert_eq!(meant("0199aaaa", &ids), [&ids[0]]);
        assert_eq!(meant(&ids[0], &ids), [&ids[0]]);
        assert_eq!(meant("abc", &ids), [&ids[2]], "all of it, however short");
    }

    #[test]
    fn what_fits_several_names_all_of_them_and_what_is_too_short_none() {
        let ids = ids();
        assert_eq!(meant("abcd", &ids).len(), 2);
        assert_eq!(meant("bcd", &ids).len(), 0);
        assert_eq!(meant("9999", &ids).len(), 0);
    }

    #[test]
    fn what_is_shown_of_an_id_names_it() {
        let id = OperationId::mint();
        assert_eq!(short(id).len(), SHOWN);
        assert_eq!(meant(&short(id), &[id.to_string()]).len(), 1);
    }
}
