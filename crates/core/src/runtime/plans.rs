//! Plans that wait to be applied: each once, and not for long.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::event::Cause;
use crate::service::{Answer, Blocker, BlockerCode, Plan};
use crate::sync::{Arc, Mutex, lock};
use crate::value::PlanId;

/// How long a plan is kept, where the host says nothing.
pub(super) const PLAN_LIFE: Duration = Duration::from_secs(15 * 60);
/// How many plans are kept; the oldest goes first.
const MOST_PLANS: usize = 64;
/// Of how many plans it is known that they were there.
const MOST_REMEMBERED: usize = 4_096;

/// The plans of one project.
pub(super) struct Plans {
    life: Duration,
    shelf: Mutex<BTreeMap<PlanId, Place>>,
}

/// A plan that waits.
#[derive(Clone)]
pub(super) struct Kept {
    pub(super) plan: Arc<Plan>,
    /// The event that said so.
    pub(super) cause: Option<Cause>,
    until: Instant,
}

enum Place {
    Kept(Kept),
    Used,
    Expired,
}

impl Plans {
    pub(super) fn new(life: Duration) -> Self {
        Self { life, shelf: Mutex::default() }
    }

    /// Until when a plan that is made now is kept, RFC 3339.
    pub(super) fn expires_at(&self) -> String {
        let now = jiff::Timestamp::now();
        now.checked_add(self.life).unwrap_or(now).to_string()
    }

    /// Keeps a plan.
    pub(super) fn keep(&self, plan: Arc<Plan>, cause: Option<Cause>) {
        let mut shelf = lock(&self.shelf);
        let until = Instant::now().checked_add(self.life).unwrap_or_else(Instant::now);
        shelf.insert(plan.plan_id, Place::Kept(Kept { plan, cause, until }));
        let is_kept = |place: &Place| matches!(place, Place::Kept(_));
        if shelf.values().filter(|place| is_kept(place)).count() > MOST_PLANS
            && let Some(oldest) = shelf.values_mut().find(|place| is_kept(place))
        {
            *oldest = Place::Expired;
        }
        while shelf.len() > MOST_REMEMBERED {
            shelf.pop_first();
        }
    }

    /// A plan that waits.
    ///
    /// # Errors
    /// The answer, where it does not.
    pub(super) fn get(&self, id: PlanId) -> Result<Kept, Answer> {
        let mut shelf = lock(&self.shelf);
        let help = "ask for a new preview";
        let blocked = |code, message: String| Err(Answer::blocked(vec![Blocker::new(code, message, help)]));
        match shelf.get_mut(&id) {
            None => blocked(BlockerCode::PlanUnknown, format!("there is no plan {id} here")),
            Some(Place::Used) => blocked(BlockerCode::PlanUsed, format!("plan {id} was applied already")),
            Some(Place::Kept(kept)) if Instant::now() < kept.until => Ok(kept.clone()),
            Some(place) => {
                *place = Place::Expired;
                let minutes = self.life.as_secs() / 60;
                blocked(BlockerCode::PlanExpired, format!("plan {id} is older than {minutes} minutes"))
            }
        }
    }

    /// A plan was applied.
    pub(super) fn used(&self, id: PlanId) {
        if let Some(place) = lock(&self.shelf).get_mut(&id) {
            *place = Place::Used;
        }
    }
}
