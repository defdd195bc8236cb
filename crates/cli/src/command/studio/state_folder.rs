//! Where this user's programs keep what they remember.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The folder of ours in it: below `$XDG_STATE_HOME`, or `~/.local/state`; `None` where there is no home.
pub(super) fn find() -> Option<PathBuf> {
    below(std::env::var_os("XDG_STATE_HOME"), std::env::var_os("HOME"))
}

fn below(state: Option<OsString>, home: Option<OsString>) -> Option<PathBuf> {
    // The specification says to pass over what is not absolute.
    let absolute = |path: OsString| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    let state = state.and_then(absolute).or_else(|| Some(home.and_then(absolute)?.join(".local/state")));
    state.map(|state| state.join(Path::new("packwright")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(state: Option<&str>, home: Option<&str>) -> Option<String> {
        below(state.map(OsString::from), home.map(OsString::from)).map(|path| path.display().to_string())
    }

    #[test]
    fn the_folder_is_where_the_desktop_says_or_below_home() {
        assert_eq!(found(Some("/state"), Some("/home/one")).as_deref(), Some("/state/packwright"));
        assert_eq!(found(Some("relative"), Some("/home/one")).as_deref(), Some("/home/one/.local/state/packwright"));
        assert_eq!(found(Some(""), None), None);
    }
}
