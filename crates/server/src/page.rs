//! The files of the page: in the program, or, for who works on them, read from a folder at each request.
//!
//! Those in the program are served below a name that is made of their content, so that a browser may keep them for ever
//! and never mixes two versions.

use std::path::{Path, PathBuf};
use std::{fs, io};

use axum::body::Bytes;

/// The most folders inside each other that are looked through.
const MAX_DEPTH: usize = 4;
/// What `index.html` has in the place of the address that the other files are below.
const PLACE: &str = "{{page}}";
/// The name of the folder's files, which change.
const CHANGING: &str = "now";

const INDEX: &str = "index.html";

/// Every file of the page, by name; `build.rs` lists them.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// Where the files of the page come from.
pub(crate) enum Page {
    /// The program, with the hash of all of them.
    Embedded(String),
    /// A folder.
    Folder(PathBuf),
}

/// One file, as it is served.
pub(crate) struct File {
    pub(crate) bytes: Bytes,
    pub(crate) media_type: &'static str,
    /// Whether the name says the content.
    pub(crate) is_immutable: bool,
}

impl Page {
    /// The page in the program.
    pub(crate) fn embedded() -> Self {
        let mut hasher = blake3::Hasher::new();
        for (name, bytes) in EMBEDDED {
            for part in [name.as_bytes(), bytes] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
        }
        Self::Embedded(hasher.finalize().to_hex()[..20].to_owned())
    }

    fn version(&self) -> &str {
        match self {
            Self::Embedded(hash) => hash,
            Self::Folder(_) => CHANGING,
        }
    }

    /// `index.html`, which says where the other files are.
    pub(crate) fn index(&self) -> io::Result<Bytes> {
        let bytes = self.bytes(INDEX)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.replace(PLACE, &format!("/page/{}", self.version())).into())
    }

    /// A file by the version and the name in its address.
    pub(crate) fn file(&self, version: &str, name: &str) -> io::Result<Option<File>> {
        if version != self.version() {
            return Ok(None);
        }
        let file =
            |bytes| File { bytes, media_type: media_type(name), is_immutable: matches!(self, Self::Embedded(_)) };
        Ok(self.bytes(name)?.map(file))
    }

    fn bytes(&self, name: &str) -> io::Result<Option<Bytes>> {
        match self {
            Self::Embedded(_) => {
                let found = EMBEDDED.iter().find(|(known, _)| *known == name);
                Ok(found.map(|(_, bytes)| Bytes::from_static(bytes)))
            }
            // A name is taken only from a listing, so none leads out of the folder.
            Self::Folder(folder) if names_in(folder)?.iter().any(|known| known == name) => {
                fs::read(folder.join(name)).map(|bytes| Some(bytes.into()))
            }
            Self::Folder(_) => Ok(None),
        }
    }
}

/// The files below a folder, with `/`, sorted; links are none.
fn names_in(folder: &Path) -> io::Result<Vec<String>> {
    let (mut names, mut folders) = (Vec::new(), vec![(folder.to_owned(), String::new(), 0)]);
    while let Some((folder, prefix, depth)) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let (name, kind) = (format!("{prefix}{name}"), entry.file_type()?);
            if kind.is_file() {
                names.push(name);
            } else if kind.is_dir() && depth < MAX_DEPTH {
                folders.push((entry.path(), name + "/", depth + 1));
            }
        }
    }
    names.sort();
    Ok(names)
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("page")
    }

    #[test]
    fn the_program_has_every_file_of_the_page_and_no_other() {
        let embedded: Vec<_> = EMBEDDED.iter().map(|(name, _)| (*name).to_owned()).collect();
        let mut served = names_in(&folder()).expect("the page's folder");
        served.retain(|name| !name.ends_with(".d.ts"));
        assert_eq!(embedded, served);
    }

    #[test]
    fn the_index_says_where_the_files_of_its_version_are() {
        for page in [Page::embedded(), Page::Folder(folder())] {
            let index = String::from_utf8(page.index().expect("it reads").to_vec()).expect("text");
            assert!(index.contains(&format!("/page/{}/js/main.js", page.version())) && !index.contains(PLACE));
            assert!(page.file(page.version(), "js/main.js").expect("it reads").is_some());
            assert!(page.file("another", "js/main.js").expect("it reads").is_none());
        }
    }

    #[test]
    fn nothing_outside_the_folder_is_read() {
        let outside = tempfile::tempdir().expect("a folder");
        let inside = outside.path().join("page");
        fs::create_dir_all(inside.join("sub")).expect("folders");
        fs::write(outside.path().join("secret.js"), "").expect("a file");
        fs::write(inside.join("sub/part.js"), "").expect("a file");
        #[cfg(unix)]
        std::os::unix::fs::symlink("../secret.js", inside.join("link.js")).expect("a link");
        let page = Page::Folder(inside);
        for name in ["../secret.js", "sub/../../secret.js", "link.js", "/secret.js", "sub", "", "."] {
            assert!(page.file(CHANGING, name).expect("it reads").is_none(), "{name}");
        }
        assert!(page.file(CHANGING, "sub/part.js").expect("it reads").is_some());
    }
}
