//! How a mutation is asked for: to be planned, to be done, or as a plan that is to be applied.

use schemars::JsonSchema;
use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::{Minted, Request};
use crate::plan::Nature;
use crate::value::PlanId;

/// A mutation as it is asked for. `T` says what is to be done.
///
/// As JSON the fields of `T` with `mode` beside them; or, to apply a plan, `plan_id` or `plan`, and `consent`, and no
/// other field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mutation<T> {
    /// This.
    Ask(T, Mode),
    /// What a plan says.
    Apply(ApplyPlan),
}

/// Whether to do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Plan it, and do it.
    #[default]
    Apply,
    /// Plan it, and do nothing.
    Preview,
}

/// A plan that is to be applied.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyPlan {
    /// A plan that the runtime keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_id: Option<PlanId>,
    /// A plan from a file. It is planned again, and must come out the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Box<PlanFile>>,
    /// What somebody said yes to.
    #[serde(default)]
    pub consent: Vec<Nature>,
}

/// A plan from a file: a request, never an authority. Fields beside these do not matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PlanFile {
    /// The plan's id; for what it is called in events and the history.
    pub plan_id: PlanId,
    /// What was asked.
    pub request: Box<Request>,
    /// What was made up for it.
    #[serde(default)]
    pub minted: Minted,
    /// What it would do.
    pub actions: Value,
    /// What it relied on.
    pub relied_on: Value,
}

/// How a mutation is asked for, whatever it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked<'a> {
    /// In this mode.
    For(Mode),
    /// As a plan.
    As(&'a ApplyPlan),
}

impl<T> Mutation<T> {
    pub(super) const fn asked(&self) -> Asked<'_> {
        match self {
            Self::Ask(_, mode) => Asked::For(*mode),
            Self::Apply(plan) => Asked::As(plan),
        }
    }

    pub(super) fn set_mode(&mut self, to: Mode) {
        if let Self::Ask(_, mode) = self {
            *mode = to;
        }
    }

    /// What is asked; `None` where it is in a plan.
    #[must_use]
    pub const fn request(&self) -> Option<&T> {
        match self {
            Self::Ask(request, _) => Some(request),
            Self::Apply(_) => None,
        }
    }
}

impl<T> From<T> for Mutation<T> {
    fn from(request: T) -> Self {
        Self::Ask(request, Mode::Apply)
    }
}

impl<T: Serialize> Serialize for Mutation<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Asking<'a, T> {
            #[serde(flatten)]
            request: &'a T,
            #[serde(skip_serializing_if = "is_apply")]
            mode: Mode,
        }
        match self {
            Self::Ask(request, mode) => Asking { request, mode: *mode }.serialize(serializer),
            Self::Apply(plan) => plan.serialize(serializer),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_apply(mode: &Mode) -> bool {
    *mode == Mode::Apply
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Mutation<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Map::<String, Value>::deserialize(deserializer)?;
        if fields.contains_key("plan_id") || fields.contains_key("plan") {
            let plan: ApplyPlan = serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom)?;
            if plan.plan_id.is_some() == plan.plan.is_some() {
                return Err(D::Error::custom("say `plan_id` or `plan`: one of them, and not both"));
            }
            return Ok(Self::Apply(plan));
        }
        if fields.contains_key("consent") {
            return Err(D::Error::custom("`consent` goes with a plan: ask for a preview first"));
        }
        let mode = fields.remove("mode").map_or(Ok(Mode::Apply), serde_json::from_value).map_err(D::Error::custom)?;
        let request = serde_json::from_value(Value::Object(fields)).map_err(D::Error::custom)?;
        Ok(Self::Ask(request, mode))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::{Files, RemoveAsset};

    fn read(text: &str) -> Result<Request, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_mutation_is_asked_for_in_a_mode_or_as_a_plan_and_never_as_both() {
        let remove = RemoveAsset { selectors: vec!["a".to_owned()], files: Files::Quarantine };
        let asked = |mode| Request::RemoveAsset(Mutation::Ask(remove.clone(), mode));
        let text = r#"{"service": "remove_asset", "selectors": ["a"], "files": "quarantine"}"#;
        assert_eq!(read(text), Ok(asked(Mode::Apply)));
        let preview = text.replace('}', r#", "mode": "preview"}"#);
        assert_eq!(read(&preview), Ok(asked(Mode::Preview)));
        let id = PlanId::mint();
        let applied =
            read(&format!(r#"{{"service": "remove_asset", "plan_id": "{id}", "consent": ["relocational"]}}"#));
        let plan = ApplyPlan { plan_id: Some(id), plan: None, consent: vec![Nature::Relocational] };
        assert_eq!(applied, Ok(Request::RemoveAsset(Mutation::Apply(plan))));
        for wrong in [
            format!(r#"{{"service": "remove_asset", "plan_id": "{id}", "selectors": ["a"]}}"#),
            format!(r#"{{"service": "remove_asset", "plan_id": "{id}", "mode": "apply"}}"#),
            r#"{"service": "remove_asset", "selectors": ["a"], "consent": ["destructive"]}"#.to_owned(),
            r#"{"service": "remove_asset", "selectors": ["a"], "mode": "perhaps"}"#.to_owned(),
            r#"{"service": "remove_asset", "selectors": ["a"], "filez": "keep"}"#.to_owned(),
        ] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_request_reads_back_as_it_was_written() {
        let remove = RemoveAsset { selectors: vec!["a".to_owned()], files: Files::Delete };
        for mode in [Mode::Apply, Mode::Preview] {
            let request = Request::RemoveAsset(Mutation::Ask(remove.clone(), mode));
            let text = serde_json::to_string(&request).expect("JSON");
            assert_eq!(text.contains("mode"), mode == Mode::Preview, "{text}");
            assert_eq!(read(&text), Ok(request));
        }
    }
}
