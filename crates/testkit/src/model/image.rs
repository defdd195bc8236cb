//! What lies on a disk, listed by path.

use std::collections::BTreeMap;
use std::fmt;

use packwright::value::RelPath;

use super::disk::{Body, Disk, Id, ROOT};

/// One thing on a disk.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Thing {
    /// A regular file.
    File {
        /// What is in it.
        bytes: Vec<u8>,
        /// Its permissions.
        mode: u32,
    },
    /// A folder.
    Dir {
        /// Its permissions.
        mode: u32,
    },
    /// A link.
    Link {
        /// To where.
        target: String,
    },
}

impl fmt::Debug for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { bytes, mode } => write!(f, "{mode:o} {:?}", String::from_utf8_lossy(bytes)),
            Self::Dir { mode } => write!(f, "{mode:o} folder"),
            Self::Link { target } => write!(f, "link to {target:?}"),
        }
    }
}

/// Everything on a disk, by path; the folder itself is not in it.
pub type Image = BTreeMap<String, Thing>;

pub(super) fn of(disk: &Disk) -> Image {
    let mut image = Image::new();
    add(disk, ROOT, &RelPath::root(), &mut image);
    image
}

fn add(disk: &Disk, dir: Id, path: &RelPath, image: &mut Image) {
    for (name, id) in disk.entries(dir).into_iter().flatten() {
        let (path, node) = (path.entry(name), disk.node(*id));
        let thing = match &node.body {
            Body::File(bytes) => Thing::File { bytes: bytes.to_vec(), mode: node.mode },
            Body::Dir(_) => Thing::Dir { mode: node.mode },
            Body::Link(target) => Thing::Link { target: target.clone() },
        };
        add(disk, *id, &path, image);
        image.insert(path.as_str().to_owned(), thing);
    }
}
