//! Edits of the settings: a person's file, of which every byte stays that is not asked for.

use std::fmt::Write;

use toml_edit::{Array, DocumentMut, InlineTable, Item, Value};

use super::{Allow, Settings};
use crate::workspace::Problem;

pub(super) fn with_allowed(text: &str, allow: &[Allow]) -> Result<String, Problem> {
    let before = Settings::parse(text).map_err(first)?;
    let mut file: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| Problem::new(error.message()))?;
    let listed = file.get_mut("doctor").and_then(|doctor| doctor.get_mut("allow"));
    let edited = match listed {
        Some(Item::Value(Value::Array(list))) => {
            allow.iter().for_each(|one| push_inline(list, one));
            file.to_string()
        }
        // Tables may follow at the end of the file, whatever stands there, and so no comment changes what it is about.
        _ => with_tables(text, allow),
    };
    let after = Settings::parse(&edited).map_err(first)?;
    let expected = Settings { allow: before.allow.iter().chain(allow).cloned().collect(), ..before };
    if after == expected {
        Ok(edited)
    } else {
        Err(Problem::new("the entries cannot be added without a change of the rest"))
    }
}

fn first(problems: Vec<Problem>) -> Problem {
    problems.into_iter().next().unwrap_or_else(|| Problem::new("the settings do not read"))
}

fn members(allow: &Allow) -> [(&'static str, &str); 3] {
    [("code", &allow.code), ("path", &allow.path), ("reason", &allow.reason)]
}

fn with_tables(text: &str, allow: &[Allow]) -> String {
    let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut edited = text.to_owned();
    if !edited.is_empty() && !edited.ends_with('\n') {
        edited.push_str(newline);
    }
    for one in allow {
        let _ = write!(edited, "{newline}[[doctor.allow]]{newline}");
        for (key, text) in members(one) {
            let _ = write!(edited, "{key} = {}{newline}", Value::from(text));
        }
    }
    edited
}

/// Where the entries stand in one list they go on to, each on a line of its own.
fn push_inline(list: &mut Array, allow: &Allow) {
    let inline: InlineTable = members(allow).into_iter().map(|(key, text)| (key, Value::from(text))).collect();
    let mut value = Value::from(inline);
    value.decor_mut().set_prefix("\n    ");
    list.push_formatted(value);
}
