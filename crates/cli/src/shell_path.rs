//! Paths as a shell gives them, turned into what services take: relative to the assets folder, with `/`.
//!
//! A path is resolved against the folder that the command works in, as text first, so that a link below the assets folder
//! reaches the service as the link it is; only what then lies outside is looked up on disk, for a workspace that is
//! reached through a link itself.

use std::path::{Component, Path, PathBuf};

use packwright::workspace::{Settings, layout};

use crate::refusal::Refusal;

/// `path` without `.` and `..`, taken from `base` where it is relative.
pub(crate) fn absolute(base: &Path, path: &Path) -> PathBuf {
    let mut resolved = PathBuf::new();
    for component in base.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                resolved.pop();
            }
            other => resolved.push(other),
        }
    }
    resolved
}

/// The nearest workspace: `from` or the closest folder above it that holds the settings.
pub(crate) fn nearest_workspace(from: &Path) -> Option<&Path> {
    from.ancestors().find(|folder| folder.join(layout::SETTINGS).is_file())
}

/// The assets folder of a workspace, as far as its settings can be read; a service says what is wrong with them.
pub(crate) fn assets_folder(workspace: &Path) -> PathBuf {
    let settings = std::fs::read_to_string(workspace.join(layout::SETTINGS)).ok();
    let settings = settings.and_then(|text| Settings::parse(&text).ok());
    workspace.join(settings.as_ref().map_or(layout::ASSETS, |settings| settings.assets_dir.as_str()))
}

/// `path` relative to the folder `inside`, which the message calls `name`; `.` for the folder itself.
pub(crate) fn relative_to(inside: &Path, name: &str, base: &Path, path: &Path) -> Result<String, Refusal> {
    let full = absolute(base, path);
    let below = match full.strip_prefix(inside) {
        Ok(below) => below.to_owned(),
        Err(_) => below_on_disk(inside, &full).ok_or_else(|| outside(inside, name, path))?,
    };
    if below.as_os_str().is_empty() {
        return Ok(".".to_owned());
    }
    let segments: Option<Vec<&str>> = below.iter().map(|segment| segment.to_str()).collect();
    segments.map(|segments| segments.join("/")).ok_or_else(|| {
        Refusal::bad_request(
            format!("{} is not UTF-8", path.display()),
            "rename it: Packwright takes names that are UTF-8, so that every system can have them",
        )
    })
}

fn below_on_disk(inside: &Path, full: &Path) -> Option<PathBuf> {
    let inside = inside.canonicalize().ok()?;
    // What is not there yet lies in the nearest folder above it that is.
    let there = full.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    let (above, there) = there?;
    there.join(full.strip_prefix(above).ok()?).strip_prefix(inside).ok().map(Path::to_owned)
}

fn outside(inside: &Path, name: &str, path: &Path) -> Refusal {
    Refusal::bad_request(
        format!("{} is outside the {name}, {}", path.display(), inside.display()),
        format!("give a path inside the {name}, or move the folder there first"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relative(base: &str, path: &str) -> Option<String> {
        relative_to(Path::new("/game/assets"), "assets folder", Path::new(base), Path::new(path)).ok()
    }

    #[test]
    fn a_path_is_taken_from_the_folder_that_the_command_works_in() {
        assert_eq!(relative("/game", "assets/ui/button/").as_deref(), Some("ui/button"));
        assert_eq!(relative("/game/assets/ui", "button").as_deref(), Some("ui/button"));
        assert_eq!(relative("/game/assets/ui", "../audio/./theme").as_deref(), Some("audio/theme"));
        assert_eq!(relative("/elsewhere", "/game/assets/ui").as_deref(), Some("ui"));
    }

    #[test]
    fn the_assets_folder_itself_is_a_dot() {
        assert_eq!(relative("/game/assets", ".").as_deref(), Some("."));
    }

    #[test]
    fn a_path_outside_is_refused_however_it_is_spelled() {
        assert_eq!(relative("/game", "src"), None);
        assert_eq!(relative("/game", "assets/../src"), None);
        assert_eq!(relative("/game", "assets2/ui"), None);
        assert_eq!(relative("/game/assets", "../../.."), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_below_the_assets_folder_stays_the_link_that_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        let assets = folder.path().join("assets");
        std::fs::create_dir(&assets).expect("a folder");
        std::os::unix::fs::symlink("/", assets.join("link")).expect("a link");
        let got = relative_to(&assets, "assets folder", folder.path(), Path::new("assets/link"));
        assert_eq!(got.ok().as_deref(), Some("link"));
    }

    #[cfg(unix)]
    #[test]
    fn a_workspace_that_is_reached_through_a_link_is_the_same_workspace() {
        let folder = tempfile::tempdir().expect("a folder");
        let assets = folder.path().join("game/assets");
        std::fs::create_dir_all(assets.join("ui")).expect("folders");
        std::os::unix::fs::symlink("game", folder.path().join("alias")).expect("a link");
        let got = relative_to(&assets, "assets folder", folder.path(), Path::new("alias/assets/ui"));
        assert_eq!(got.ok().as_deref(), Some("ui"));
    }
}
