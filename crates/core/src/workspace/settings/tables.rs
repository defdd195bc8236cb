//! TOML tables read key by key: each key with its place, each mistake noted, what nobody asked for refused.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::workspace::text::Places;
use crate::workspace::{Problem, nearest};

/// More problems than anyone reads are not noted: a hostile file holds as many as it likes.
const MAX_PROBLEMS: usize = 100;

/// Bytes of the file.
pub(super) type Span = Range<usize>;

/// The problems of one file as they come up.
pub(super) struct Problems<'p> {
    places: Places<'p>,
    found: Vec<Problem>,
}

/// One table, and the keys of it that nobody asked for yet.
pub(super) struct Section<'t, 'a> {
    title: String,
    span: Option<Span>,
    members: BTreeMap<&'t str, Member<'t, 'a>>,
    known: Vec<&'static str>,
}

/// One key with its value.
#[derive(Clone)]
pub(super) struct Member<'t, 'a> {
    pub(super) key: Span,
    pub(super) span: Span,
    pub(super) value: &'t DeValue<'a>,
}

impl<'p> Problems<'p> {
    pub(super) fn new(text: &'p str) -> Self {
        Self { places: Places::new(text), found: Vec::new() }
    }

    /// Notes a problem at `span`, or with the file as a whole.
    pub(super) fn note(&mut self, span: Option<&Span>, problem: Problem) {
        if self.found.len() < MAX_PROBLEMS {
            self.found.push(match span {
                Some(span) => problem.at(self.places.of(span.start, span.end)),
                None => problem,
            });
        }
    }

    pub(super) fn say(&mut self, span: &Span, message: impl Into<String>) {
        self.note(Some(span), Problem::new(message));
    }

    /// All of them, in the order of the file.
    pub(super) fn into_sorted(mut self) -> Vec<Problem> {
        self.found.sort_by_key(|problem| problem.place);
        self.found
    }

    pub(super) fn text<'t>(&mut self, key: &str, member: &Member<'t, '_>) -> Option<&'t str> {
        if let DeValue::String(text) = member.value {
            return Some(text);
        }
        self.say(&member.span, format!("`{key}` takes text"));
        None
    }

    pub(super) fn switch(&mut self, key: &str, member: &Member<'_, '_>) -> Option<bool> {
        if let DeValue::Boolean(on) = member.value {
            return Some(*on);
        }
        self.say(&member.span, format!("`{key}` takes true or false"));
        None
    }

    /// The value of the word that `member` spells, out of `words`.
    pub(super) fn word<T: Copy>(&mut self, key: &str, member: &Member<'_, '_>, words: &[(&str, T)]) -> Option<T> {
        let found = match member.value {
            DeValue::String(text) => words.iter().find(|(word, _)| word == text),
            _ => None,
        };
        if found.is_none() {
            let quoted: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            self.say(&member.span, format!("`{key}` takes one of {}", quoted.join(", ")));
        }
        found.map(|(_, value)| *value)
    }

    pub(super) fn list<'t, 'a>(&mut self, key: &str, member: &Member<'t, 'a>) -> Vec<Member<'t, 'a>> {
        let DeValue::Array(list) = member.value else {
            self.say(&member.span, format!("`{key}` takes a list"));
            return Vec::new();
        };
        let element = |value: &'t toml::Spanned<DeValue<'a>>| Member {
            key: member.key.clone(),
            span: value.span(),
            value: value.get_ref(),
        };
        list.iter().map(element).collect()
    }

    pub(super) fn table<'t, 'a>(&mut self, title: &str, member: &Member<'t, 'a>) -> Option<Section<'t, 'a>> {
        let DeValue::Table(table) = member.value else {
            self.say(&member.span, format!("{title} takes a table"));
            return None;
        };
        Some(Section { span: Some(member.key.clone()), ..Section::new(title, table) })
    }

    /// The text of a key that must be there.
    pub(super) fn required_text<'t>(
        &mut self,
        section: &mut Section<'t, '_>,
        key: &'static str,
    ) -> Option<(Span, &'t str)> {
        if let Some(member) = section.take(key) {
            return self.text(key, &member).map(|text| (member.span, text));
        }
        self.note(section.span.as_ref(), Problem::new(format!("{} has no `{key}`", section.title)));
        None
    }

    /// Refuses the keys of `section` that nobody asked for.
    pub(super) fn refuse_rest(&mut self, section: &Section<'_, '_>) {
        for (name, member) in &section.members {
            let mut problem = Problem::new(format!("{} has no key `{name}`", section.title));
            problem.help = nearest(name, section.known.iter().copied()).map(|meant| format!("did you mean `{meant}`?"));
            self.note(Some(&member.key), problem);
        }
    }
}

impl<'t, 'a> Section<'t, 'a> {
    pub(super) fn new(title: &str, table: &'t DeTable<'a>) -> Self {
        let member = |key: &'t toml::Spanned<_>, value: &'t toml::Spanned<DeValue<'a>>| Member {
            key: key.span(),
            span: value.span(),
            value: value.get_ref(),
        };
        let members = table.iter().map(|(key, value)| (key.get_ref().as_ref(), member(key, value))).collect();
        Self { title: title.to_owned(), span: None, members, known: Vec::new() }
    }

    /// The member of that key, which is known from now on.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Member<'t, 'a>> {
        self.known.push(key);
        self.members.remove(key)
    }

    /// All members that are left.
    pub(super) fn take_rest(&mut self) -> BTreeMap<&'t str, Member<'t, 'a>> {
        std::mem::take(&mut self.members)
    }
}
