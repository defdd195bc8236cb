//! `key=value` on the command line, as what a manifest is to say.

use packwright::service::ManifestSet;
use serde_json::{Map, Value};

use crate::refusal::Refusal;

const KEYS: &str = "the keys are address, labels, preload, importer, sources, and settings.IMPORTER.NAME";

/// What all assignments come to.
pub(super) fn manifest_set(assignments: &[String]) -> Result<ManifestSet, Refusal> {
    let mut set = ManifestSet::default();
    for assignment in assignments {
        let Some((key, value)) = assignment.split_once('=') else {
            let message = format!("`{assignment}` has no `=`");
            return Err(Refusal::bad_request(message, format!("say `KEY=VALUE`; {KEYS}")));
        };
        assign(&mut set, key.trim(), value)?;
    }
    Ok(set)
}

fn assign(set: &mut ManifestSet, key: &str, value: &str) -> Result<(), Refusal> {
    match key {
        "address" => once(&mut set.address, key, value.to_owned()),
        "labels" => {
            set.labels.get_or_insert_default().extend(labels(value)?);
            Ok(())
        }
        "preload" => once(&mut set.preload, key, switch(value)?),
        "importer" => once(&mut set.importer, key, importer(value)?),
        "sources" => {
            sources(set, value)?;
            Ok(())
        }
        _ => match key.strip_prefix("settings.").map(|path| path.split('.').collect::<Vec<_>>()) {
            Some(path) if path.iter().all(|name| !name.is_empty()) => setting(set, key, &path, value),
            _ => {
                let help = if key == "settings" { "name the importer: `settings.image.output=rgba8`" } else { KEYS };
                Err(Refusal::bad_request(format!("a manifest has no `{key}` that could be set"), help))
            }
        },
    }
}

fn once<T>(place: &mut Option<T>, key: &str, value: T) -> Result<(), Refusal> {
    if place.replace(value).is_some() { Err(twice(key)) } else { Ok(()) }
}

fn twice(key: &str) -> Refusal {
    Refusal::bad_request(format!("`{key}` is given twice"), "give it once")
}

/// Parted by commas, or a list.
fn labels(value: &str) -> Result<Vec<String>, Refusal> {
    match list("labels", value)? {
        Some(labels) => Ok(labels),
        None => Ok(value.split(',').map(str::trim).filter(|label| !label.is_empty()).map(str::to_owned).collect()),
    }
}

fn switch(value: &str) -> Result<bool, Refusal> {
    value
        .parse()
        .map_err(|_| Refusal::bad_request(format!("preload is true or false, not `{value}`"), "say `preload=true`"))
}

fn importer(value: &str) -> Result<Value, Refusal> {
    match json("importer", value)? {
        Some(rules) => Ok(rules),
        None if value.is_empty() => {
            Err(Refusal::bad_request("an asset has an importer", "`importer=auto` is what holds where nothing is said"))
        }
        None => Ok(Value::from(value)),
    }
}

/// A pattern, more where there are some already, a list, or nothing for every file.
fn sources(set: &mut ManifestSet, value: &str) -> Result<(), Refusal> {
    let given = match list("sources", value)? {
        Some(patterns) => Some(patterns),
        None if value.is_empty() => None,
        None => Some(vec![value.to_owned()]),
    };
    match (&mut set.sources, given) {
        (place @ None, given) => *place = Some(given),
        (Some(Some(patterns)), Some(given)) => patterns.extend(given),
        // Every file, and only some.
        _ => return Err(twice("sources")),
    }
    Ok(())
}

/// `settings.IMPORTER.NAME`, or `settings.IMPORTER` for all of them.
fn setting(set: &mut ManifestSet, key: &str, path: &[&str], value: &str) -> Result<(), Refusal> {
    let value = setting_value(key, value)?;
    let mut place = set.settings.get_or_insert_default();
    let Some((last, above)) = path.split_last() else { return Err(twice(key)) };
    for name in above {
        let inner = place.entry(*name).or_insert_with(|| Value::Object(Map::new()));
        place = inner.as_object_mut().ok_or_else(|| twice(key))?;
    }
    match place.insert((*last).to_owned(), value) {
        None => Ok(()),
        Some(_) => Err(twice(key)),
    }
}

/// Numbers, switches and what is quoted are as in JSON; the rest is text, and nothing takes the setting out.
fn setting_value(key: &str, value: &str) -> Result<Value, Refusal> {
    if value.is_empty() {
        return Ok(Value::Null);
    }
    match json(key, value)? {
        Some(value) => Ok(value),
        None => Ok(serde_json::from_str(value).unwrap_or_else(|_| Value::from(value))),
    }
}

/// What begins as a list or an object is one, or a mistake.
fn json(key: &str, value: &str) -> Result<Option<Value>, Refusal> {
    if !value.starts_with(['[', '{']) {
        return Ok(None);
    }
    let wrong = |error: serde_json::Error| {
        let message = format!("the value of `{key}` begins as JSON and is none: {error}");
        let help = match key {
            "sources" => {
                format!("quote it for the shell; a pattern that begins so goes into a list: `sources=[\"{value}\"]`")
            }
            _ => format!("quote it for the shell, as `'{key}=[\"…\"]'`"),
        };
        Refusal::bad_request(message, help)
    };
    serde_json::from_str(value).map(Some).map_err(wrong)
}

/// A list of texts.
fn list(key: &str, value: &str) -> Result<Option<Vec<String>>, Refusal> {
    let Some(value) = json(key, value)? else { return Ok(None) };
    let texts = serde_json::from_value(value);
    texts
        .map(Some)
        .map_err(|_| Refusal::bad_request(format!("`{key}` takes a list of texts"), format!("say `'{key}=[\"…\"]'`")))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn set(assignments: &[&str]) -> Value {
        let assignments: Vec<String> = assignments.iter().map(|one| (*one).to_owned()).collect();
        match manifest_set(&assignments) {
            Ok(set) => serde_json::to_value(set).expect("JSON"),
            Err(_) => Value::from("refused"),
        }
    }

    #[test]
    fn plain_values_are_texts_lists_and_switches_where_the_key_takes_them() {
        assert_eq!(set(&["address=ui/ok", "preload=true"]), json!({"address": "ui/ok", "preload": true}));
        assert_eq!(set(&["labels=a, b,,c"]), json!({"labels": ["a", "b", "c"]}));
        assert_eq!(set(&["labels="]), json!({"labels": []}));
        assert_eq!(set(&["importer=raw"]), json!({"importer": "raw"}));
        assert_eq!(set(&["address=a=b"]), json!({"address": "a=b"}), "what follows the first `=` is the value");
    }

    #[test]
    fn sources_come_one_by_one_or_as_a_list_and_nothing_means_every_file() {
        assert_eq!(set(&["sources=*.png", "sources=a,b"]), json!({"sources": ["*.png", "a,b"]}));
        assert_eq!(set(&[r#"sources=["{a,b}.png"]"#]), json!({"sources": ["{a,b}.png"]}));
        assert_eq!(set(&["sources="]), json!({"sources": null}));
        assert_eq!(set(&["sources={a,b}.png"]), "refused");
        assert_eq!(set(&["sources=", "sources=*.png"]), "refused");
    }

    #[test]
    fn settings_nest_and_nothing_takes_one_out() {
        let got = set(&["settings.image.output=rgba8", "settings.image.mips=", "settings.audio.rate=44100"]);
        assert_eq!(got, json!({"settings": {"image": {"output": "rgba8", "mips": null}, "audio": {"rate": 44100}}}));
        assert_eq!(set(&["settings.image="]), json!({"settings": {"image": null}}));
        assert_eq!(set(&[r#"settings.image={"output": "bc7"}"#]), json!({"settings": {"image": {"output": "bc7"}}}));
        assert_eq!(set(&["settings.image.flip=true"]), json!({"settings": {"image": {"flip": true}}}));
        assert_eq!(set(&[r#"settings.image.name="7""#]), json!({"settings": {"image": {"name": "7"}}}));
    }

    #[test]
    fn an_importer_by_pattern_is_json() {
        let rules = r#"importer=[{"pattern": "*.png", "importer": "image"}]"#;
        assert_eq!(set(&[rules]), json!({"importer": [{"pattern": "*.png", "importer": "image"}]}));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let refused = [
            "address",
            "colour=red",
            "settings=",
            "settings..x=1",
            "preload=perhaps",
            "importer=",
            "labels=[1]",
            "labels=[",
            "=x",
        ];
        for one in refused {
            assert_eq!(set(&[one]), "refused", "{one}");
        }
        assert_eq!(set(&["address=a", "address=b"]), "refused");
        assert_eq!(set(&["settings.image=", "settings.image.output=x"]), "refused");
        assert_eq!(set(&["settings.image.output=x", "settings.image="]), "refused");
    }
}
