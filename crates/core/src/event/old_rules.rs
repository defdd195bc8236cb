//! How rings once read, for the model that must show what was wrong with it.

/// Rules by which a reader that is behind lost events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OldRules {
    /// None of them: a ring as it is.
    None,
    /// A reader past the older parts of a merged event was taken to have been given them.
    PassedIsGiven,
    /// The same, and a look that was cut passed all up to the event that it left.
    CutPassesParts,
}

impl OldRules {
    /// Where a look is cut that took `last` and leaves `next`.
    pub(super) const fn cut(self, last: u64, next: u64) -> u64 {
        if matches!(self, Self::CutPassesParts) { next - 1 } else { last }
    }

    /// Nobody knew when a reader had looked.
    pub(super) const fn looked(self, looked: u64) -> u64 {
        if matches!(self, Self::None) { looked } else { 0 }
    }
}
