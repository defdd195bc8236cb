//! Whether one event, looked at alone, says what its kind says.
//!
//! Strict, unlike the schema: a field that this version does not know is a mistake of whoever said it.

use serde_json::Value;

use super::super::form::Form;
use super::super::payload::{Ended, Status};
use super::super::{Event, Kind, MAX_LISTED, Payload};

/// # Errors
/// What is wrong with the event.
pub(super) fn check(event: &Event) -> Result<(), String> {
    let is_progress = event.kind == Kind::ProgressUpdated;
    ensure(event.progress.is_some() == is_progress, || "progress belongs to progress_updated".to_owned())?;
    ensure(!event.summary.is_empty(), || "there is no summary".to_owned())?;
    check_length("affected_assets", event.affected_assets.len())?;
    let mut own = event.payload.clone();
    take_merged(event.kind, &mut own)?;
    take_total_of_assets(event, &mut own)?;
    check_lists(&own)?;
    check_form(event, &own)?;
    check_count(event)?;
    check_end(event)
}

fn ensure(holds: bool, problem: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(problem()) }
}

fn check_length(name: &str, n: usize) -> Result<(), String> {
    ensure(n <= MAX_LISTED, || format!("{name} holds {n}, and at most {MAX_LISTED} may be listed"))
}

/// What a full ring adds to the payload is not of its form.
fn take_merged(kind: Kind, payload: &mut Payload) -> Result<(), String> {
    let Some(merged) = payload.remove("merged") else { return Ok(()) };
    ensure(!kind.is_lifecycle(), || format!("{kind} is never merged"))?;
    ensure(merged.is_u64(), || format!("merged is no number: {merged}"))
}

/// Neither is the total of a list that was cut in the envelope.
fn take_total_of_assets(event: &Event, payload: &mut Payload) -> Result<(), String> {
    let Some(total) = payload.remove("affected_assets_total") else { return Ok(()) };
    check_total("affected_assets", event.affected_assets.len(), &total)
}

fn check_lists(payload: &Payload) -> Result<(), String> {
    for (field, value) in payload {
        let Value::Array(list) = value else { continue };
        check_length(field, list.len())?;
        match payload.get(&format!("{field}_total")) {
            // The findings' total is always said.
            Some(total) if total.as_u64() != Some(list.len() as u64) => check_total(field, list.len(), total)?,
            _ => {}
        }
    }
    Ok(())
}

/// A total stands beside a list that was cut, and is more than the list holds.
fn check_total(field: &str, listed: usize, total: &Value) -> Result<(), String> {
    let is_cut = listed == MAX_LISTED && total.as_u64().is_some_and(|total| total > MAX_LISTED as u64);
    ensure(is_cut, || format!("{field} holds {listed}, and its total is {total}"))
}

fn check_form(event: &Event, own: &Payload) -> Result<(), String> {
    let form = Form::of_kind(event.kind, event.terminal);
    let known = (form.read_back)(own).map_err(|error| format!("payload: {error}"))?;
    let differs = |field: &&String| known.get(field.as_str()) != own.get(field.as_str());
    match known.as_object().into_iter().flat_map(Payload::keys).chain(own.keys()).find(differs) {
        Some(field) => Err(format!("payload: {field} is not said as the kind says it")),
        None => Ok(()),
    }
}

fn check_count(event: &Event) -> Result<(), String> {
    if !event.kind.is_counted() {
        return Ok(());
    }
    let listed = event.affected_assets.len() as u64;
    let count = event.number("count").unwrap_or(1);
    ensure((1..=count).contains(&listed), || format!("{listed} assets are listed, and {count} are counted"))
}

/// An end that is no success says why.
fn check_end(event: &Event) -> Result<(), String> {
    let is_end = event.terminal && matches!(event.kind, Kind::ActionFailed | Kind::BuildFinished);
    let Some(ended) = is_end.then(|| event.payload_as::<Ended>().ok()).flatten() else { return Ok(()) };
    let is_explained = ended.status != Status::Blocked || !ended.blockers.is_empty();
    ensure(is_explained, || "it is blocked, and no blocker says why".to_owned())?;
    let is_failure = event.kind != Kind::ActionFailed || ended.status != Status::Ok;
    ensure(is_failure, || "it failed, and its status is ok".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::Progress;
    use super::super::super::test_support::{asset, fields, sample, samples};
    use super::*;

    /// A sample of the kind whose payload has these fields instead.
    fn saying(kind: Kind, more: Value) -> Event {
        let mut event = sample(kind, 1);
        event.payload.extend(fields(more));
        event
    }

    #[test]
    fn an_event_of_every_kind_is_in_shape() {
        for event in samples() {
            assert_eq!(check(&event), Ok(()), "{}", event.kind);
        }
    }

    #[test]
    fn a_field_that_is_missing_is_found_in_every_kind() {
        let optional = ["count", "merged", "previous", "waiting_for", "other_run"];
        for event in samples() {
            let needed = event.payload.keys().filter(|field| !optional.contains(&field.as_str()));
            for field in needed {
                let mut event = event.clone();
                event.payload.remove(field);
                assert!(check(&event).is_err(), "{} without {field}", event.kind);
            }
        }
    }

    #[test]
    fn a_field_that_nobody_knows_is_found_in_every_kind() {
        for mut event in samples() {
            event.payload.insert("weather".to_owned(), "fine".into());
            assert!(check(&event).is_err(), "{}", event.kind);
        }
    }

    #[test]
    fn a_field_of_another_type_is_found() {
        for event in [
            saying(Kind::OperationStarted, json!({"operation_class": "harmless"})),
            saying(Kind::RuntimeStateChanged, json!({"state": "tired"})),
            saying(Kind::RuntimeStateChanged, json!({"reasons": [{"code": "x", "message": "y", "weather": "fine"}]})),
            saying(Kind::ReconcileFinished, json!({"changed": -1})),
            saying(Kind::CacheMiss, json!({"reasons": [{"root": "a"}]})),
            saying(Kind::PreviewReady, json!({"plan_id": "the last one"})),
        ] {
            assert!(check(&event).is_err(), "{event:?}");
        }
    }

    #[test]
    fn progress_elsewhere_than_in_progress_is_found() {
        let progress = Some(Progress::new("import", 1, 2));
        assert!(check(&Event { progress, ..sample(Kind::BuildStarted, 1) }).is_err());
        assert!(check(&Event { progress: None, ..sample(Kind::ProgressUpdated, 1) }).is_err());
    }

    #[test]
    fn a_list_past_the_limit_and_a_total_without_a_cut_are_found() {
        let step = json!({"action_id": 1, "kind": "write_file", "nature": "additive"});
        let applied = |n: usize, total: Value| {
            let mut event = sample(Kind::ActionApplied, 1);
            event.payload = fields(json!({"actions": vec![step.clone(); n], "actions_total": total}));
            check(&event)
        };
        assert_eq!(applied(1_000, 1_001.into()), Ok(()));
        assert!(applied(1_001, 1_001.into()).is_err());
        assert!(applied(3, 1_001.into()).is_err());
        let affected_assets = vec![asset("a"); 1_001];
        assert!(check(&Event { affected_assets, ..sample(Kind::ActionApplied, 1) }).is_err());
    }

    #[test]
    fn an_asset_event_lists_what_it_counts() {
        let of = |n: usize, count: Value| {
            let event = saying(Kind::AssetChanged, json!({"count": count}));
            check(&Event { affected_assets: vec![asset("a"); n], ..event })
        };
        assert_eq!(of(2, 7.into()), Ok(()));
        assert!(of(2, 1.into()).is_err());
        assert!(of(0, 7.into()).is_err());
        let uncounted = sample(Kind::AssetChanged, 1);
        assert!(check(&Event { affected_assets: vec![asset("a"); 2], ..uncounted }).is_err());
    }

    #[test]
    fn an_end_that_does_not_say_why_is_found() {
        assert!(check(&saying(Kind::ActionFailed, json!({"blockers": []}))).is_err());
        assert!(check(&saying(Kind::BuildFinished, json!({"status": "blocked"}))).is_err());
        assert!(check(&saying(Kind::ActionFailed, json!({"status": "ok"}))).is_err());
    }

    #[test]
    fn a_lifecycle_event_cannot_have_been_merged() {
        assert!(check(&saying(Kind::BuildStarted, json!({"merged": 2}))).is_err());
    }
}
