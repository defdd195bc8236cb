//! Reads a manifest over its syntax tree, so that every problem has its place and none hides another.

use std::collections::{BTreeMap, BTreeSet};

use jsonc_parser::ast::{Array, Object, Value};
use jsonc_parser::common::Ranged;
use unicode_normalization::UnicodeNormalization;

use super::{ImporterChoice, Manifest, ManifestErrors, SourcePattern, SourcePatterns, UnknownField};
use crate::importer::{self, Importer, ImporterSet, Setting};
use crate::value::{Address, AssetUuid};
use crate::workspace::globs::{Pattern, PatternError};
use crate::workspace::json::{Document, child, kind_of};
use crate::workspace::schema_version::SchemaVersion;
use crate::workspace::{Problem, nearest, text};

/// More problems than anyone reads are not noted: a hostile file holds as many as it likes.
const MAX_PROBLEMS: usize = 100;

pub(super) fn parse(bytes: &[u8], importers: &ImporterSet) -> Result<Manifest, ManifestErrors> {
    let document = document(bytes).map_err(ManifestErrors::whole)?;
    let Some(object) = document.root.as_object() else {
        let message = format!("a manifest is an object, and this is {}", kind_of(&document.root));
        return Err(ManifestErrors::whole(document.problem(&document.root, "", message)));
    };
    let mut reader =
        Reader { document: &document, importers, problems: Vec::new(), escapes: Vec::new(), unknown: Vec::new() };
    match reader.newer_schema(object) {
        Some(schema) => Err(ManifestErrors { newer_schema: Some(schema), ..ManifestErrors::of(reader.problems) }),
        None => reader.manifest(object),
    }
}

fn document(bytes: &[u8]) -> Result<Document<'_>, Problem> {
    if bytes.len() as u64 > Manifest::MAX_BYTES {
        return Err(Problem::new(format!("a manifest has at most {} bytes", Manifest::MAX_BYTES)));
    }
    let text = text::decode(bytes)?;
    Document::parse(text).map_err(|problem| text::conflict_markers(text).unwrap_or(problem))
}

impl ManifestErrors {
    fn whole(problem: Problem) -> Self {
        Self::of(vec![problem])
    }

    fn of(problems: Vec<Problem>) -> Self {
        Self { problems, escapes: Vec::new(), uuid: None, address: None, newer_schema: None }
    }
}

struct Reader<'d, 'a> {
    document: &'d Document<'a>,
    importers: &'d ImporterSet,
    problems: Vec<Problem>,
    escapes: Vec<Problem>,
    unknown: Vec<UnknownField>,
}

impl<'d, 'a> Reader<'d, 'a> {
    fn manifest(mut self, object: &'d Object<'a>) -> Result<Manifest, ManifestErrors> {
        self.problems.extend(self.document.duplicate_keys().into_iter().take(MAX_PROBLEMS));
        let uuid = self.uuid(object);
        let address = self.address(object);
        let importer = self.importer(object);
        let sources = self.sources(object);
        let settings = self.settings(object);
        let labels = self.labels(object);
        let preload = self.preload(object);
        self.note_unknown(object, "", &Manifest::FIELDS);

        let Self { mut problems, escapes, unknown: unknown_fields, .. } = self;
        problems.sort_by_key(|problem| problem.place);
        match (uuid, address.clone()) {
            (Some(uuid), Some(address)) if problems.is_empty() && escapes.is_empty() => {
                Ok(Manifest { uuid, address, importer, sources, settings, labels, preload, unknown_fields })
            }
            _ => Err(ManifestErrors { escapes, uuid, address, ..ManifestErrors::of(problems) }),
        }
    }

    /// The schema of a newer version, whose other members are none of ours to judge.
    fn newer_schema(&mut self, object: &'d Object<'a>) -> Option<u64> {
        let Some(value) = self.member(object, "schema") else {
            self.problems.push(Problem::new(SchemaVersion::MISSING));
            return None;
        };
        match SchemaVersion::read(value.text(self.document.text)) {
            SchemaVersion::Known => None,
            SchemaVersion::Invalid => {
                self.say(value, "/schema", SchemaVersion::invalid_message());
                None
            }
            SchemaVersion::Newer(schema) => {
                let problem = self.document.problem(value, "/schema", SchemaVersion::newer_message(schema));
                self.push(problem.help(SchemaVersion::NEWER_HELP));
                Some(schema)
            }
        }
    }

    fn uuid(&mut self, object: &'d Object<'a>) -> Option<AssetUuid> {
        let value = self.required(object, "uuid")?;
        let text = self.text(value, "/uuid")?;
        let uuid = text::hyphenated_uuid(text).map(AssetUuid::from_uuid);
        if uuid.is_none() {
            self.say(value, "/uuid", format!("{text:?} is no UUID"));
        }
        uuid
    }

    fn address(&mut self, object: &'d Object<'a>) -> Option<Address> {
        let value = self.required(object, "address")?;
        let text = self.text(value, "/address")?;
        match text.parse() {
            Ok(address) => Some(address),
            Err(error) => {
                self.say(value, "/address", format!("not an address: {error}"));
                None
            }
        }
    }

    fn importer(&mut self, object: &'d Object<'a>) -> ImporterChoice {
        match self.member(object, "importer") {
            None => ImporterChoice::Auto,
            Some(value @ Value::StringLit(_)) => match self.importer_name(value, "/importer") {
                None | Some(ImporterSet::AUTO) => ImporterChoice::Auto,
                Some(name) => ImporterChoice::Named(name.to_owned()),
            },
            Some(Value::Array(list)) => {
                self.refuse_long(list, "/importer", Manifest::MAX_PATTERNS);
                let rules = list.elements.iter().take(Manifest::MAX_PATTERNS).enumerate();
                ImporterChoice::ByPattern(rules.filter_map(|(index, rule)| self.importer_rule(index, rule)).collect())
            }
            Some(value) => {
                self.say_kind(value, "/importer", "an importer's name, or a list of patterns with importers");
                ImporterChoice::Auto
            }
        }
    }

    fn importer_rule(&mut self, index: usize, rule: &'d Value<'a>) -> Option<(Pattern, String)> {
        let pointer = child("/importer", index);
        let Some(object) = rule.as_object() else {
            self.say_kind(rule, &pointer, "an object with `pattern` and `importer`");
            return None;
        };
        let mut required = |name: &str| {
            let value = self.member(object, name);
            if value.is_none() {
                self.say(rule, &pointer, format!("the rule has no `{name}`"));
            }
            value
        };
        let (pattern, importer) = (required("pattern"), required("importer"));
        self.note_unknown(object, &pointer, &["pattern", "importer"]);
        let pattern = pattern.and_then(|value| self.pattern(value, &child(&pointer, "pattern")));
        let importer = importer.and_then(|value| self.importer_name(value, &child(&pointer, "importer")));
        Some((pattern?, importer?.to_owned()))
    }

    fn importer_name(&mut self, value: &'d Value<'a>, pointer: &str) -> Option<&'d str> {
        let name = self.text(value, pointer)?;
        if name == ImporterSet::AUTO || self.importers.get(name).is_some() {
            return Some(name);
        }
        self.say_unknown_importer(value, pointer, name, Some(ImporterSet::AUTO));
        None
    }

    fn say_unknown_importer(&mut self, node: &impl Ranged, pointer: &str, name: &str, other: Option<&'static str>) {
        let problem = self.document.problem(node, pointer, format!("there is no importer {name:?}"));
        let known = self.importers.iter().map(|importer| importer.name()).chain(other);
        self.push(with_nearest(problem, name, known));
    }

    fn sources(&mut self, object: &'d Object<'a>) -> SourcePatterns {
        let Some(value) = self.member(object, "sources") else {
            return SourcePatterns::default();
        };
        let Some(list) = self.list(value, "/sources", "a list of patterns") else {
            return SourcePatterns::default();
        };
        self.refuse_long(list, "/sources", Manifest::MAX_PATTERNS);
        let listed = list.elements.iter().take(Manifest::MAX_PATTERNS).enumerate();
        let patterns = listed.filter_map(|(index, value)| {
            let pattern = self.pattern(value, &SourcePatterns::pointer(index))?;
            Some(SourcePattern { pattern, place: self.document.place(value) })
        });
        SourcePatterns::of(patterns.collect())
    }

    fn pattern(&mut self, value: &'d Value<'a>, pointer: &str) -> Option<Pattern> {
        let text = self.text(value, pointer)?;
        match Pattern::parse(text) {
            Ok(pattern) => Some(pattern),
            Err(error) => {
                let problem = self.document.problem(value, pointer, error.to_string());
                // Of an importer's pattern nothing is opened: there it is a pattern that matches nothing.
                match error {
                    PatternError::Escapes(_) if pointer.starts_with("/sources/") => self.escapes.push(problem),
                    _ => self.push(problem),
                }
                None
            }
        }
    }

    fn settings(&mut self, object: &'d Object<'a>) -> BTreeMap<String, importer::Settings> {
        let mut settings = BTreeMap::new();
        let Some(value) = self.member(object, "settings") else {
            return settings;
        };
        let Some(named) = value.as_object() else {
            self.say_kind(value, "/settings", "an object with an object for each importer");
            return settings;
        };
        for property in &named.properties {
            let name = property.name.as_str();
            let pointer = child("/settings", name);
            match self.importers.get(name) {
                Some(importer) => {
                    let read = self.importer_settings(importer.as_ref(), &property.value, &pointer);
                    settings.insert(name.to_owned(), read);
                }
                None => self.say_unknown_importer(&property.name, &pointer, name, None),
            }
        }
        settings
    }

    fn importer_settings(
        &mut self,
        importer: &dyn Importer,
        value: &'d Value<'a>,
        pointer: &str,
    ) -> importer::Settings {
        let declared = importer.settings();
        let mut settings = importer::Settings::defaults(declared);
        let Some(object) = value.as_object() else {
            self.say_kind(value, pointer, "an object with the importer's settings");
            return settings;
        };
        for property in &object.properties {
            let name = property.name.as_str();
            let pointer = child(pointer, name);
            let Some(setting) = declared.iter().find(|setting| setting.name == name) else {
                let message = format!("the importer `{}` has no setting {name:?}", importer.name());
                let problem = self.document.problem(&property.name, &pointer, message);
                self.push(with_nearest(problem, name, declared.iter().map(|setting| setting.name)));
                continue;
            };
            self.setting(setting, &property.value, &pointer, &mut settings);
        }
        settings
    }

    fn setting(&mut self, setting: &Setting, value: &'d Value<'a>, pointer: &str, into: &mut importer::Settings) {
        let json = serde_json::from_str(value.text(self.document.text)).unwrap_or_default();
        match setting.read(&json) {
            Ok(value) => into.set(setting.name, value),
            Err(error) => self.say(value, pointer, error.to_string()),
        }
    }

    fn labels(&mut self, object: &'d Object<'a>) -> Vec<String> {
        let Some(value) = self.member(object, "labels") else {
            return Vec::new();
        };
        let Some(list) = self.list(value, "/labels", "a list of labels") else {
            return Vec::new();
        };
        self.refuse_long(list, "/labels", Manifest::MAX_LABELS);
        let listed = list.elements.iter().take(Manifest::MAX_LABELS).enumerate();
        let labels: BTreeSet<String> = listed.filter_map(|(index, value)| self.label(index, value)).collect();
        labels.into_iter().collect()
    }

    fn label(&mut self, index: usize, value: &'d Value<'a>) -> Option<String> {
        let pointer = child("/labels", index);
        let label: String = self.text(value, &pointer)?.nfc().collect();
        if !Manifest::is_label(&label) {
            let rule = "1 to 64 bytes, no comma or control character, and no space at its ends";
            self.say(value, &pointer, format!("{label:?} is no label: a label has {rule}"));
            return None;
        }
        Some(label)
    }

    fn preload(&mut self, object: &'d Object<'a>) -> bool {
        match self.member(object, "preload") {
            Some(Value::BooleanLit(value)) => return value.value,
            Some(value) => self.say_kind(value, "/preload", "true or false"),
            None => {}
        }
        false
    }

    fn note_unknown(&mut self, object: &'d Object<'a>, pointer: &str, known: &[&'static str]) {
        for property in &object.properties {
            let name = property.name.as_str();
            if !known.contains(&name) && name != "$schema" {
                self.unknown.push(UnknownField {
                    name: name.to_owned(),
                    place: self.document.place(&property.name),
                    pointer: child(pointer, name),
                    nearest: nearest(name, known.iter().copied()),
                });
            }
        }
    }

    /// The first member of that name; that there are several is a problem of its own.
    fn member(&self, object: &'d Object<'a>, name: &str) -> Option<&'d Value<'a>> {
        object.properties.iter().find(|property| property.name.as_str() == name).map(|property| &property.value)
    }

    fn required(&mut self, object: &'d Object<'a>, name: &str) -> Option<&'d Value<'a>> {
        let value = self.member(object, name);
        if value.is_none() {
            self.push(Problem::new(format!("the manifest has no `{name}`")));
        }
        value
    }

    fn text(&mut self, value: &'d Value<'a>, pointer: &str) -> Option<&'d str> {
        if let Value::StringLit(text) = value {
            return Some(&text.value);
        }
        self.say_kind(value, pointer, "a string");
        None
    }

    fn list(&mut self, value: &'d Value<'a>, pointer: &str, takes: &str) -> Option<&'d Array<'a>> {
        if let Value::Array(list) = value {
            return Some(list);
        }
        self.say_kind(value, pointer, takes);
        None
    }

    fn refuse_long(&mut self, list: &'d Array<'a>, pointer: &str, limit: usize) {
        if list.elements.len() > limit {
            self.say(list, pointer, format!("the list has {} elements, and the limit is {limit}", list.elements.len()));
        }
    }

    fn say_kind(&mut self, value: &'d Value<'a>, pointer: &str, takes: &str) {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        self.say(value, pointer, format!("`{name}` is {}, and takes {takes}", kind_of(value)));
    }

    fn say(&mut self, node: &impl Ranged, pointer: &str, message: impl Into<String>) {
        self.push(self.document.problem(node, pointer, message));
    }

    fn push(&mut self, problem: Problem) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

fn with_nearest<'k>(problem: Problem, name: &str, known: impl IntoIterator<Item = &'k str>) -> Problem {
    match nearest(name, known) {
        Some(meant) => problem.help(format!("did you mean `{meant}`?")),
        None => problem,
    }
}
