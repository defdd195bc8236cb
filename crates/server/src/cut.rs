//! Lists of an answer, cut to what a client can be sent at once.
//!
//! A list past [`MAX_LISTED`] is cut, and `<list>_total` beside it says how long it was. What is asked for as a list and is
//! of no use in part (a page of assets, the compile surface, the quarantine) is whole.

use packwright::event::MAX_LISTED;
use packwright::service::{Data, Response};
use serde_json::{Map, Value};

/// Lists that are whole.
const WHOLE: [&str; 3] = ["assets", "addressables", "entries"];

/// How far down lists are cut: the answer, its data, a plan in it, the plan's outcome.
const DEPTH: usize = 4;

/// The answer as it is sent.
pub(crate) fn to_bytes(response: &Response) -> Vec<u8> {
    if !may_be_long(response) {
        return serde_json::to_vec(response).unwrap_or_default();
    }
    let mut value = serde_json::to_value(response).unwrap_or_default();
    cut(&mut value, DEPTH);
    serde_json::to_vec(&value).unwrap_or_default()
}

/// Whether anything may have to be cut. Whoever changes many assets names them.
fn may_be_long(response: &Response) -> bool {
    let lists = [
        response.affected_assets.len(),
        response.diagnostics.len(),
        response.proposed_actions.len(),
        response.applied_actions.len(),
        response.blockers.len(),
    ];
    let has_lists =
        |data: &Data| matches!(data, Data::Plan(_) | Data::RegisterAsset(_) | Data::Inclusion(_) | Data::ApplyFixes(_));
    lists.into_iter().any(|n| n > MAX_LISTED) || has_lists(&response.data)
}

fn cut(value: &mut Value, depth: usize) {
    let Value::Object(fields) = value else { return };
    let mut totals: Map<String, Value> = Map::new();
    for (name, field) in fields.iter_mut() {
        match field {
            Value::Array(list) if list.len() > MAX_LISTED && !WHOLE.contains(&name.as_str()) => {
                totals.insert(format!("{name}_total"), list.len().into());
                list.truncate(MAX_LISTED);
            }
            Value::Object(_) if depth > 1 => cut(field, depth - 1),
            _ => {}
        }
    }
    fields.extend(totals);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_long_list_is_cut_and_its_length_stands_beside_it() {
        let long: Vec<usize> = (0..1_001).collect();
        let mut answer = json!({
            "affected_assets": long, "blockers": [1],
            "data": {"plan": {"actions": long, "outcome": {"addresses_removed": long}}},
        });
        cut(&mut answer, DEPTH);
        assert_eq!(
            (answer["affected_assets"].as_array().map(Vec::len), &answer["affected_assets_total"]),
            (Some(1_000), &json!(1_001))
        );
        let plan = &answer["data"]["plan"];
        assert_eq!((plan["actions"].as_array().map(Vec::len), &plan["actions_total"]), (Some(1_000), &json!(1_001)));
        assert_eq!(plan["outcome"]["addresses_removed_total"], 1_001);
        assert!(answer.get("blockers_total").is_none(), "a short list has no total");
    }

    #[test]
    fn what_is_of_no_use_in_part_is_whole() {
        let long: Vec<usize> = (0..1_001).collect();
        let mut answer = json!({"data": {"assets": long, "addressables": long, "entries": long}});
        let whole = answer.clone();
        cut(&mut answer, DEPTH);
        assert_eq!(answer, whole);
    }
}
