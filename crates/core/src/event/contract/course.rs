//! The course of one operation: which of its events may come before which.
//!
//! Of an operation that lost events in a gap nothing is said here, because what seems to be missing may be among them.
//! Events that a full ring merged stand where the newest of them stood, and so change no course.

use super::super::payload::{ActionApplied, OperationClass, OperationStarted, RuntimeStateChanged, State};
use super::super::{Event, Kind};

/// How far an operation has come, as far as its course goes.
#[derive(Debug, Default)]
pub(super) struct Course {
    /// Whether events of it were lost in a gap.
    pub(super) has_holes: bool,
    /// Whether it said anything.
    has_begun: bool,
    work: Option<Work>,
    builds: bool,
    reconciles: bool,
    /// The state that it said last.
    state: Option<State>,
    /// Whether it said of assets or findings what its publication made of them.
    has_told: bool,
}

/// What an operation that started is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    Build,
    Mutation,
    Look,
}

impl Course {
    /// The rule that the event breaks, if it comes next.
    pub(super) fn rule_broken_by(&self, event: &Event) -> Option<&'static str> {
        match event.kind {
            Kind::OperationQueued => broken(self.has_begun, "it comes first"),
            Kind::OperationStarted => broken(self.is_at_work(), "it comes once, and before the work"),
            Kind::BuildStarted => broken(self.builds || self.work != Some(Work::Build), "it comes once, in a build"),
            Kind::CacheHit | Kind::CacheMiss | Kind::BuildFinished => broken(!self.builds, "build_started comes first"),
            Kind::ReconcileStarted => broken(
                self.reconciles || self.has_told || matches!(self.work, Some(Work::Build | Work::Mutation)),
                "it comes once, before what was found, and in no other work",
            ),
            Kind::ReconcileFinished => broken(!self.reconciles, "reconcile_started comes first"),
            Kind::ProgressUpdated | Kind::RuntimeStateChanged => {
                broken(self.work == Some(Work::Mutation) && self.has_told, "it comes before assets and findings")
            }
            Kind::AssetDiscovered | Kind::AssetChanged | Kind::AssetRemoved => self.broken_by_news(),
            Kind::DiagnosticsUpdated if !event.terminal => self.broken_by_news(),
            Kind::PreviewReady => {
                broken(self.work.is_none() || self.builds || self.has_told, "a preview starts, and publishes nothing")
            }
            Kind::ActionApplied => self.broken_by_success(event),
            Kind::DiagnosticsUpdated | Kind::ActionFailed | Kind::StreamGap => None,
        }
    }

    pub(super) fn note(&mut self, event: &Event) {
        self.has_begun = true;
        match event.kind {
            Kind::OperationStarted => self.work = Some(Work::of(event)),
            Kind::BuildStarted => self.builds = true,
            Kind::ReconcileStarted => self.reconciles = true,
            Kind::RuntimeStateChanged => {
                self.state = event.payload_as::<RuntimeStateChanged>().ok().map(|said| said.state);
            }
            Kind::AssetDiscovered | Kind::AssetChanged | Kind::AssetRemoved => self.has_told = true,
            Kind::DiagnosticsUpdated => self.has_told |= !event.terminal,
            _ => {}
        }
    }

    const fn is_at_work(&self) -> bool {
        self.work.is_some() || self.builds || self.reconciles || self.has_told
    }

    /// Of assets and findings an operation speaks when it is at work; a mutation, when it has published.
    fn broken_by_news(&self) -> Option<&'static str> {
        broken(!self.is_at_work(), "operation_started or reconcile_started comes first")
            .or_else(|| broken(self.work == Some(Work::Mutation) && !self.has_published(), "the new state comes first"))
    }

    fn broken_by_success(&self, event: &Event) -> Option<&'static str> {
        let did_nothing = event.payload_as::<ActionApplied>().is_ok_and(|applied| applied.actions.is_empty());
        broken(self.work != Some(Work::Mutation), "it ends a mutation")
            .or_else(|| broken(!did_nothing && !self.has_published(), "the new state comes first"))
    }

    /// Whether it said the state after its commit.
    fn has_published(&self) -> bool {
        self.state.is_some_and(|state| !state.passes())
    }
}

impl Work {
    fn of(event: &Event) -> Self {
        let Ok(started) = event.payload_as::<OperationStarted>() else { return Self::Look };
        match started.operation_class {
            // A check of a build changes nothing, and is a build.
            _ if started.service == "build" => Self::Build,
            OperationClass::ReadOnly => Self::Look,
            OperationClass::RegistryMutation | OperationClass::WorkspaceMutation => Self::Mutation,
        }
    }
}

fn broken(is_broken: bool, rule: &'static str) -> Option<&'static str> {
    is_broken.then_some(rule)
}
