//! The text of a new workspace's settings.

use crate::value::{ProjectId, RelPath};

pub(super) fn text(id: ProjectId, name: &str, assets: &RelPath) -> String {
    format!(
        r#"schema = 1

[project]
id = "{id}"   # this project's identity: a copy that is a project of its own needs another
name = "{name}"   # the pack is build/{name}.pack

[assets]
dir = "{assets}"
# What to leave out below that folder, in gitignore syntax, on top of editor and system litter:
# ignore = ["**/*.psd", "**/~*"]

[build]
# out = "build"
# "none" lets an engine map parts in place; "lz4" compresses each part that it makes at least 5 % smaller:
# compression = "none"

# How hygiene findings (H...) are shown: "off", "info" or "warning".
# [doctor.levels]
# H304 = "off"

# Findings that are meant to be, each with its reason:
# [[doctor.allow]]
# code = "H305"
# path = "{assets}/placeholder/**"
# reason = "placeholders are meant to be the same"
"#
    )
}
