//! Dice with a seed: the same seed throws the same.

/// Throws numbers.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that begin at `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number (splitmix64).
    pub const fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `n`.
    ///
    /// # Panics
    /// Where `n` is zero.
    pub const fn below(&mut self, n: usize) -> usize {
        (self.throw() % n as u64) as usize
    }

    /// `true` in `of` of 8 throws.
    pub const fn eighths(&mut self, of: u64) -> bool {
        self.throw() % 8 < of
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_throws_the_same_and_another_does_not() {
        let thrown = |seed| {
            let mut dice = Dice::new(seed);
            [dice.throw(), dice.throw(), dice.below(1000) as u64]
        };
        assert_eq!(thrown(1), thrown(1));
        assert_ne!(thrown(1), thrown(2));
    }
}
