//! The known word that somebody most likely meant.

/// Words longer than this are compared with nothing: no name of ours is so long.
const MAX_CHARS: usize = 64;

/// The word of `known` that is nearest to `word` by edits (insert, drop, replace, swap neighbours; case aside), if one
/// is near enough to have been meant. Of two equally near, the first.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.to_lowercase().chars().take(MAX_CHARS + 1).collect();
    if word.len() > MAX_CHARS {
        return None;
    }
    let limit = (word.len() / 3).max(1);
    let distances = known.into_iter().map(|candidate| (distance(&word, candidate), candidate));
    distances.filter(|(distance, _)| *distance <= limit).min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// The restricted Damerau-Levenshtein distance, by three rows of its table.
fn distance(from: &[char], to: &str) -> usize {
    let to: Vec<char> = to.to_lowercase().chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let mut cost = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = ["sources", "settings", "labels", "preload"];

    #[test]
    fn a_slip_of_the_hand_finds_the_word_that_was_meant() {
        for (typed, meant) in
            [("source", "sources"), ("lables", "labels"), ("Preload", "preload"), ("seting", "settings")]
        {
            assert_eq!(nearest(typed, KNOWN), Some(meant), "{typed}");
        }
    }

    #[test]
    fn a_word_far_from_all_finds_none() {
        assert_eq!(nearest("colour", KNOWN), None);
        assert_eq!(nearest("", KNOWN), None);
        assert_eq!(nearest(&"labels".repeat(100), KNOWN), None);
    }

    #[test]
    fn swapped_neighbours_are_one_edit() {
        let chars: Vec<char> = "ab".chars().collect();
        assert_eq!(distance(&chars, "ba"), 1);
        assert_eq!(distance(&chars, ""), 2);
    }
}
