//! Observation of real folders.
