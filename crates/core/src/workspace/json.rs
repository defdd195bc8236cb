//! JSON files of ours, read strictly and with the place of everything.
//!
//! Strict: no comments, no trailing commas, no byte order mark, nothing nested deeper than [`MAX_NESTING`], which is
//! checked before anything that recurses sees the text. What the members mean, the files' own modules say.

use std::collections::HashMap;

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde::de::IgnoredAny;

use super::text::Places;
use super::{Place, Problem};

/// How deep the files of a workspace may nest.
pub const MAX_NESTING: usize = 64;

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Where the value at a JSON pointer stands in `text`; `None` where the text is no JSON or holds no such value.
#[must_use]
pub fn place_at(text: &str, pointer: &str) -> Option<Place> {
    let document = Document::parse(text).ok()?;
    let mut at = &document.root;
    for token in pointer.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        at = match at {
            Value::Object(object) => &object.get(&name)?.value,
            Value::Array(array) => array.elements.get(name.parse::<usize>().ok()?)?,
            _ => return None,
        };
    }
    Some(document.place(at))
}

/// A JSON text that parsed.
pub(crate) struct Document<'a> {
    pub(crate) text: &'a str,
    pub(crate) root: Value<'a>,
    places: Places<'a>,
}

impl<'a> Document<'a> {
    /// Reads `text`; for one that is no JSON, says why and where.
    pub(crate) fn parse(text: &'a str) -> Result<Self, Problem> {
        refuse_deep_nesting(text)?;
        let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT).map_err(|error| {
            let range = error.range();
            not_json(&error.kind().to_string()).at(Place::of(text, range.start, range.end))
        })?;
        // What the parser above lets pass: control characters in strings, leading zeros.
        serde_json::from_str::<IgnoredAny>(text).map_err(|error| syntax_problem(text, &error))?;
        let root = parsed.value.ok_or_else(|| not_json("the file is empty"))?;
        Ok(Self { text, root, places: Places::new(text) })
    }

    /// Where a node stands.
    pub(crate) fn place(&self, node: &impl Ranged) -> Place {
        self.places.of(node.start(), node.end())
    }

    /// A problem with a node.
    pub(crate) fn problem(&self, node: &impl Ranged, pointer: &str, message: impl Into<String>) -> Problem {
        Problem::new(message).at(self.place(node)).pointer(pointer)
    }

    /// Every key that its object holds already, at every level.
    pub(crate) fn duplicate_keys(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        self.collect_duplicates(&self.root, &mut String::new(), &mut problems);
        problems
    }

    fn collect_duplicates(&self, value: &Value<'a>, pointer: &mut String, problems: &mut Vec<Problem>) {
        let length = pointer.len();
        match value {
            Value::Object(object) => {
                problems.extend(self.duplicates_of(object, pointer));
                for property in &object.properties {
                    push_segment(pointer, property.name.as_str());
                    self.collect_duplicates(&property.value, pointer, problems);
                    pointer.truncate(length);
                }
            }
            Value::Array(array) => {
                for (index, element) in array.elements.iter().enumerate() {
                    push_segment(pointer, &index.to_string());
                    self.collect_duplicates(element, pointer, problems);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn duplicates_of(&self, object: &Object<'a>, pointer: &str) -> Vec<Problem> {
        let mut first: HashMap<&str, &ObjectProp<'a>> = HashMap::new();
        let mut problems = Vec::new();
        for property in &object.properties {
            let name = property.name.as_str();
            if let Some(earlier) = first.get(name) {
                let message = format!("the key {name:?} stands here twice");
                let problem = self.problem(&property.name, &child(pointer, name), message);
                problems.push(problem.related(self.place(&earlier.name), "first defined here"));
            } else {
                first.insert(name, property);
            }
        }
        problems
    }
}

/// A problem for a text that is no JSON at all.
pub(crate) fn not_json(why: &str) -> Problem {
    let why = match why.strip_prefix("EOF while parsing ") {
        Some("a value") => "the file ends where a value should be".to_owned(),
        Some(what) => format!("the file ends inside {what}"),
        None => {
            let mut chars = why.chars();
            chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
        }
    };
    Problem::new(format!("not JSON: {why}"))
}

/// The problem that serde_json has with the syntax of `text`.
pub(crate) fn syntax_problem(text: &str, error: &serde_json::Error) -> Problem {
    let spelt = error.to_string();
    let why = spelt.rsplit_once(" at line ").map_or(spelt.as_str(), |(why, _)| why);
    let offset = offset_of(text, error);
    let end = text.ceil_char_boundary(offset + 1).min(text.len());
    not_json(why).at(Place::of(text, offset, end))
}

/// The byte that serde_json's error names.
pub(crate) fn offset_of(text: &str, error: &serde_json::Error) -> usize {
    let lines = text.split_inclusive('\n');
    let line_start: usize = lines.take(error.line().saturating_sub(1)).map(str::len).sum();
    text.floor_char_boundary((line_start + error.column().saturating_sub(1)).min(text.len()))
}

/// Refuses a text whose brackets nest deeper than [`MAX_NESTING`].
pub(crate) fn refuse_deep_nesting(text: &str) -> Result<(), Problem> {
    let Some(offset) = first_deeper_than(MAX_NESTING, text) else {
        return Ok(());
    };
    Err(Problem::new(nests_too_deep()).at(Place::of(text, offset, offset + 1)))
}

/// What to say of a text that nests too deep.
pub(crate) fn nests_too_deep() -> String {
    format!("values nest deeper than {MAX_NESTING} levels")
}

/// The first bracket in `text` that opens with `levels` others around it.
pub(crate) fn first_deeper_than(levels: usize, text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (offset, byte) in text.bytes().enumerate() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => in_string = true,
            b'{' | b'[' if depth == levels => return Some(offset),
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The JSON pointer of the member `name` below `pointer`.
pub(crate) fn child(pointer: &str, name: impl std::fmt::Display) -> String {
    let mut out = pointer.to_owned();
    push_segment(&mut out, &name.to_string());
    out
}

fn push_segment(pointer: &mut String, name: &str) {
    pointer.push('/');
    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
}

/// What a value is, in words.
pub(crate) fn kind_of(value: &Value<'_>) -> &'static str {
    match value {
        Value::StringLit(_) => "a string",
        Value::NumberLit(_) => "a number",
        Value::BooleanLit(_) => "true or false",
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        Value::NullKeyword(_) => "null",
    }
}

/// `text` as a JSON string, quotes and all.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("any text is a JSON string")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> Problem {
        Document::parse(text).err().expect("refused")
    }

    #[test]
    fn what_only_lenient_parsers_take_is_refused_with_its_place() {
        for text in
            ["{\"a\": 1,}", "{\"a\": 1 /* x */}", "{a: 1}", "{'a': 1}", "[1 2]", "{\"a\": 01}", "[\"\t\"]", "", "[1] 2"]
        {
            assert!(refusal(text).message.starts_with("not JSON: "), "{text:?}");
        }
        assert_eq!(refusal("{\n  \"a\": 1,\n}").place.map(|place| place.line), Some(2));
    }

    #[test]
    fn nesting_is_bounded_before_anything_recurses() {
        let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(Document::parse(&deep(MAX_NESTING)).is_ok());
        assert!(refusal(&deep(MAX_NESTING + 1)).message.contains("64 levels"));
        assert!(refusal(&deep(5_000_000)).message.contains("64 levels"));
        let brackets_in_text = format!("[\"\\\"{}\"]", "[".repeat(100));
        assert!(Document::parse(&brackets_in_text).is_ok());
    }

    #[test]
    fn a_key_that_stands_twice_is_found_at_any_level_with_the_first() {
        let text = "{\"a\": [{\"x/y\": 1,\n \"x/y\": 2}], \"b\": 1, \"b\": 2}";
        let problems = Document::parse(text).expect("it parses").duplicate_keys();
        let found: Vec<_> = problems.iter().filter_map(|problem| problem.pointer.as_deref()).collect();
        assert_eq!(found, ["/b", "/a/0/x~1y"]);
        let (first, _) = problems[1].related.as_ref().expect("the first one");
        assert_eq!((first.line, first.column), (1, 9));
        assert_eq!(problems[1].place.map(|place| (place.line, place.column)), Some((2, 2)));
    }
}
