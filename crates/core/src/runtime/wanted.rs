//! A mutation as it is to be planned, however it was asked for: by its own words, or as a plan that somebody looked at.

use serde_json::Value;

use super::plans::{Kept, Plans};
use crate::plan::{Nature, Planned, Receipt};
use crate::service::{Answer, Asked, Minted, Mode, Request};
use crate::value::PlanId;

/// A mutation as it is to be planned.
pub(super) struct Wanted {
    pub(super) request: Request,
    /// What was made up for it before.
    pub(super) minted: Option<Minted>,
    /// The plan that it must come out as.
    pub(super) expected: Option<Expected>,
}

/// A plan that somebody looked at.
pub(super) struct Expected {
    pub(super) plan_id: PlanId,
    /// As it is kept; none where it is from a file.
    pub(super) kept: Option<Kept>,
    pub(super) consent: Vec<Nature>,
    actions: Value,
    relied_on: Value,
}

impl Wanted {
    /// What is asked, be it in a plan.
    pub(super) fn of(request: &Request, plans: &Plans) -> Result<Self, Answer> {
        let Some(Asked::As(apply)) = request.asked() else {
            return Ok(Self { request: request.clone(), minted: None, expected: None });
        };
        let consent = apply.consent.clone();
        let (planned, minted, expected) = match (&apply.plan_id, &apply.plan) {
            (Some(id), _) => {
                let kept = plans.get(*id)?;
                let plan = &kept.plan;
                let (actions, relied_on) = (json(&plan.actions), json(&plan.relied_on));
                let (planned, minted) = (Request::clone(&plan.request), plan.minted.clone());
                (planned, minted, Expected { plan_id: *id, kept: Some(kept), consent, actions, relied_on })
            }
            (None, Some(file)) => {
                let (actions, relied_on) = (file.actions.clone(), file.relied_on.clone());
                let expected = Expected { plan_id: file.plan_id, kept: None, consent, actions, relied_on };
                (Request::clone(&file.request), file.minted.clone(), expected)
            }
            (None, None) => return Err(Answer::bad_request("there is no plan in it", "send `plan_id` or `plan`")),
        };
        if planned.service() != request.service() || !matches!(planned.asked(), Some(Asked::For(_))) {
            let message = format!("the plan is one of {}", planned.service().name());
            return Err(Answer::bad_request(message, "send it to that service"));
        }
        Ok(Self { request: planned.in_mode(Mode::Apply), minted: Some(minted), expected: Some(expected) })
    }
}

impl Expected {
    /// Whether this is the plan that somebody looked at.
    pub(super) fn is(&self, planned: &Planned) -> bool {
        json(&planned.actions) == self.actions && json(&planned.relied_on) == self.relied_on
    }

    /// What it relied on, as far as that reads.
    pub(super) fn receipts(&self) -> Vec<Receipt> {
        serde_json::from_value(self.relied_on.clone()).unwrap_or_default()
    }
}

fn json(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
