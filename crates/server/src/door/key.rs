//! The key that signs cookies: kept in a file that only its user may read, so that a restart needs no new login.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

const FILE: &str = "studio.key";
const LENGTH: usize = 32;

/// A key that signs cookies.
#[derive(Clone)]
pub struct Key([u8; LENGTH]);

impl Key {
    /// A key for one run: after it, whoever was logged in logs in again.
    ///
    /// # Errors
    /// Where the system has no randomness to give.
    pub fn passing() -> io::Result<Self> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        Ok(Self(bytes))
    }

    /// The key that is kept in `folder`, made with it where there is none. A file that others could have read or written
    /// is not believed, and another takes its place.
    ///
    /// # Errors
    /// Where it cannot be read or made.
    pub fn kept_in(folder: &Path) -> io::Result<Self> {
        let path = folder.join(FILE);
        if let Some(key) = read(&path)? {
            return Ok(key);
        }
        make_folder(folder)?;
        let key = Self::passing()?;
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        match create(&path) {
            Ok(mut file) => {
                file.write_all(&key.0)?;
                file.sync_all()?;
                Ok(key)
            }
            // Another start was quicker.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read(&path)?.ok_or(error),
            Err(error) => Err(error),
        }
    }

    /// The tag of a text.
    pub(crate) fn sign(&self, text: &str) -> blake3::Hash {
        blake3::keyed_hash(&self.0, text.as_bytes())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// The key in a file; `None` where there is none to be believed.
fn read(path: &Path) -> io::Result<Option<Key>> {
    let file = match open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    if !is_private(&file)? {
        return Ok(None);
    }
    let mut bytes = Vec::with_capacity(LENGTH + 1);
    file.take(LENGTH as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes.try_into().ok().map(Key))
}

fn open(path: &Path) -> io::Result<File> {
    match fs::symlink_metadata(path)? {
        found if found.is_file() => File::open(path),
        _ => Err(io::Error::other(format!("{} is no file", path.display()))),
    }
}

#[cfg(unix)]
fn is_private(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    Ok(file.metadata()?.mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn is_private(_: &File) -> io::Result<bool> {
    Ok(true)
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("it is there").permissions().mode() & 0o777
    }

    #[test]
    fn a_key_is_kept_for_its_user_alone_and_is_the_same_the_next_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = folder.path().join("state/packwright");
        let first = Key::kept_in(&state).expect("a key");
        assert_eq!((mode(&state), mode(&state.join(FILE))), (0o700, 0o600));
        assert_eq!(Key::kept_in(&state).expect("a key").sign("text"), first.sign("text"));
        assert!(!format!("{first:?}").contains(&format!("{}", first.0[0])));
    }

    #[test]
    fn a_key_that_others_could_read_or_that_is_none_is_made_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = Key::kept_in(folder.path()).expect("a key");
        let path = folder.path().join(FILE);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("it is ours");
        let second = Key::kept_in(folder.path()).expect("a key");
        assert_ne!(second.sign("text"), first.sign("text"));
        assert_eq!(mode(&path), 0o600);
        fs::write(&path, "short").expect("it is ours");
        assert_ne!(Key::kept_in(folder.path()).expect("a key").sign("text"), second.sign("text"));
    }

    #[test]
    fn a_link_in_the_place_of_the_key_is_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink("/dev/zero", folder.path().join(FILE)).expect("a link");
        assert!(Key::kept_in(folder.path()).is_err());
    }
}
