//! The launch code: what the address that is opened in a browser carries, good for one cookie.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::secret::Secret;

/// A code that can be used once, for a while.
pub(crate) struct Launch(Mutex<Option<(Secret, Instant)>>);

impl Launch {
    /// A code that is good from `now` on, for so long.
    pub(crate) fn new(code: Secret, now: Instant, life: Duration) -> Self {
        // Past the end of time it is good for ever.
        let until = now.checked_add(life).unwrap_or(now);
        Self(Mutex::new(Some((code, until))))
    }

    /// Uses it up, where `shown` is it and it is still good.
    pub(crate) fn is_taken_by(&self, shown: &str, now: Instant) -> bool {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = place.as_ref().is_some_and(|(code, until)| code.is(shown) && now < *until);
        if is_it {
            *place = None;
        }
        is_it
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(60);

    fn launch(now: Instant) -> (Launch, String) {
        let code = Secret::mint().expect("randomness");
        let text = code.reveal().to_owned();
        (Launch::new(code, now, LIFE), text)
    }

    #[test]
    fn a_launch_code_is_good_once() {
        let now = Instant::now();
        let (launch, code) = launch(now);
        assert!(!launch.is_taken_by("another", now), "which does not use it up");
        assert!(launch.is_taken_by(&code, now));
        assert!(!launch.is_taken_by(&code, now));
    }

    #[test]
    fn a_launch_code_is_good_for_a_while() {
        let now = Instant::now();
        let (launch, code) = launch(now);
        assert!(!launch.is_taken_by(&code, now + LIFE));
        assert!(launch.is_taken_by(&code, now + LIFE / 2));
    }
}
