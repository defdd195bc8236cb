//! Which entry in quarantine a word names: by its id, by the beginning or the end of it, or by the asset's address.

use packwright::service::{BlockerCode, Data, ListQuarantine, ListedEntry, Request, Response};

use crate::host::{Door, Host};
use crate::refusal::Refusal;
use crate::short_id::meant;

/// The ids of the entries that words name. A word that names none goes to the service as it is, which says so.
pub(super) fn entry_ids(host: &Host, door: &Door, words: &[String]) -> Result<Vec<String>, Refusal> {
    let listed: Response = host.call(door, Request::ListQuarantine(ListQuarantine {}));
    let entries = match &listed.data {
        Data::Quarantine(data) => data.entries.as_slice(),
        _ => &[],
    };
    words.iter().map(|word| entry_id(entries, word)).collect()
}

fn entry_id(entries: &[ListedEntry], word: &str) -> Result<String, Refusal> {
    let ids: Vec<String> = entries.iter().map(|entry| entry.entry_id.clone()).collect();
    let mut found: Vec<&String> = meant(word, &ids);
    if found.is_empty() {
        let has_address =
            |entry: &&ListedEntry| entry.asset.address.as_ref().is_some_and(|address| address.as_str() == word);
        found = entries.iter().filter(has_address).map(|entry| &entry.entry_id).collect();
    }
    match found.as_slice() {
        [] => Ok(word.to_owned()),
        [one] => Ok((*one).clone()),
        several => {
            let names: Vec<_> = several.iter().map(|id| format!("`{id}`")).collect();
            let message = format!("`{word}` can mean {}", names.join(" or "));
            Err(Refusal::blocked(BlockerCode::Ambiguous, message, "say which, by its id"))
        }
    }
}
