//! Observation
mod coalesce;
mod dirty;
pub(crate) use dirty::Dirty;
