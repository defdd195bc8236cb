//! Cases of their own.
