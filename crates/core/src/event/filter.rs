//! What a subscriber wants: which projects, which kinds, and from where on.

use std::collections::BTreeSet;

use super::Kind;
use crate::value::{ProjectId, RunId};

/// What a subscriber wants.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Filter {
    projects: Option<BTreeSet<ProjectId>>,
    kinds: KindSet,
    pub(super) start: Start,
}

/// Where a subscription starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Start {
    Now,
    After(RunId, u64),
}

impl Filter {
    /// Every event of every project, from now on.
    pub const fn all() -> Self {
        Self { projects: None, kinds: KindSet::ALL, start: Start::Now }
    }

    /// Every event of one project, from now on.
    pub fn project(project: ProjectId) -> Self {
        Self::projects([project])
    }

    /// Every event of these projects, from now on.
    pub fn projects(projects: impl IntoIterator<Item = ProjectId>) -> Self {
        Self { projects: Some(projects.into_iter().collect()), ..Self::all() }
    }

    /// Only these kinds; [`Kind::StreamGap`] comes whatever is asked for.
    pub fn kinds(self, kinds: &[Kind]) -> Self {
        Self { kinds: KindSet::of(kinds), ..self }
    }

    /// From the first event after `cursor` of the run `run_id`, as a subscriber that was away last saw it.
    pub fn from_cursor(self, run_id: RunId, cursor: u64) -> Self {
        Self { start: Start::After(run_id, cursor), ..self }
    }

    pub(super) fn wants_project(&self, project: ProjectId) -> bool {
        self.projects.as_ref().is_none_or(|wanted| wanted.contains(&project))
    }

    pub(super) const fn wanted_kinds(&self) -> KindSet {
        self.kinds
    }

    /// The one project it is about, where there is just one.
    pub(super) fn only_project(&self) -> Option<ProjectId> {
        let projects = self.projects.as_ref()?;
        projects.first().copied().filter(|_| projects.len() == 1)
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct KindSet(u32);

impl KindSet {
    pub(super) const ALL: Self = Self(u32::MAX);

    fn of(kinds: &[Kind]) -> Self {
        Self(kinds.iter().fold(0, |set, kind| set | kind.bit()))
    }

    pub(super) const fn has(self, kind: Kind) -> bool {
        self.0 & kind.bit() != 0
    }
}
