//! Streams that keep the contract, and for each rule one that breaks it.

use serde_json::{Value, json};

use super::super::test_support::{fields, operation, project, sample};
use super::*;

/// A stream of one operation: numbers and kinds, the last one terminal.
fn stream(said: &[(u64, Kind)]) -> Vec<Event> {
    let mut events: Vec<Event> = said.iter().map(|(sequence, kind)| sample(*kind, *sequence)).collect();
    for (cursor, event) in (1..).zip(&mut events) {
        event.cursor = cursor;
        event.terminal = false;
    }
    if let Some(last) = events.last_mut() {
        last.terminal = true;
    }
    events
}

fn whole() -> Vec<Event> {
    stream(&[(1, Kind::OperationStarted), (2, Kind::ProgressUpdated), (3, Kind::ActionApplied)])
}

fn merged(mut event: Event, n: u64) -> Event {
    event.payload.insert("merged".to_owned(), n.into());
    event
}

#[test]
fn a_whole_operation_keeps_the_contract() {
    assert_eq!(check(&whole()), Ok(()));
}

#[test]
fn env_3_a_missing_a_repeated_and_a_late_event_are_found() {
    for numbers in [[2, 3, 4], [1, 3, 4], [1, 1, 2], [2, 1, 3]] {
        let events = stream(&numbers.map(|number| (number, Kind::OperationStarted)));
        assert!(matches!(check(&events), Err(Violation::Sequence { .. })), "{numbers:?}");
    }
}

#[test]
fn an_operation_without_an_end_is_found_when_the_stream_ends() {
    let mut events = whole();
    events.pop();
    assert!(matches!(check(&events), Err(Violation::NeverEnded { kind: Kind::ProgressUpdated, .. })));
}

#[test]
fn a_second_end_is_found() {
    let mut events = whole();
    events.push(Event { cursor: 4, terminal: true, ..sample(Kind::ActionFailed, 4) });
    assert!(matches!(check(&events), Err(Violation::AfterTerminal { kind: Kind::ActionFailed, .. })));
}

#[test]
fn progress_cannot_be_the_end() {
    let events = stream(&[(1, Kind::OperationStarted), (2, Kind::ProgressUpdated)]);
    assert!(matches!(check(&events), Err(Violation::WrongTerminal { .. })));
}

#[test]
fn a_stream_out_of_the_order_of_its_cursors_is_found() {
    let mut events = whole();
    events[2].cursor = 2;
    assert_eq!(check(&events), Err(Violation::CursorOrder { cursor: 2, after: 2 }));
}

#[test]
fn an_operation_of_two_projects_is_found() {
    let mut events = whole();
    events[1].project_id = project(9);
    assert!(matches!(check(&events), Err(Violation::TwoProjects { .. })));
}

#[test]
fn env_4_a_cause_that_comes_later_is_found() {
    let mut events = whole();
    let other = Event { operation_id: operation(2), cursor: 4, ..sample(Kind::OperationStarted, 1) };
    events.push(Event { cause: Some(events[2].as_cause()), ..other.clone() });
    events.push(Event { cursor: 5, terminal: true, ..sample(Kind::ActionApplied, 2) });
    events[4].operation_id = operation(2);
    assert_eq!(check(&events), Ok(()));
    events[3].cause = Some(Cause { sequence: 4, ..events[2].as_cause() });
    assert!(matches!(check(&events), Err(Violation::CauseLater { .. })));
}

#[test]
fn ord_2_merged_events_explain_just_as_many_missing_numbers_as_they_stand_for() {
    let mut events = stream(&[(1, Kind::OperationStarted), (5, Kind::ProgressUpdated), (6, Kind::ActionApplied)]);
    events[1] = merged(events[1].clone(), 4);
    assert_eq!(check(&events), Ok(()));
    events[1] = merged(events[1].clone(), 3);
    assert!(matches!(check(&events), Err(Violation::Sequence { expected: 5, found: 6, .. })));
}

#[test]
fn ord_3_merged_events_explain_nothing_beyond_a_lifecycle_event() {
    let said = [(3, Kind::ProgressUpdated), (4, Kind::RuntimeStateChanged), (6, Kind::ActionApplied)];
    let mut events = stream(&said);
    events[0] = merged(events[0].clone(), 100);
    assert!(matches!(check(&events), Err(Violation::Sequence { found: 6, .. })));
}

#[test]
fn a_gap_explains_what_came_before_it_and_nothing_after() {
    let mut gap = Event { operation_id: operation(7), cursor: 2, terminal: true, ..sample(Kind::StreamGap, 1) };
    gap.payload.insert("to".to_owned(), 2.into());
    let mut events = stream(&[(1, Kind::OperationStarted), (1, Kind::StreamGap), (8, Kind::AssetRemoved)]);
    events[1] = gap;
    events[2].terminal = false;
    let mut ended = events.clone();
    ended.push(Event { cursor: 4, terminal: true, ..sample(Kind::ActionApplied, 9) });
    assert_eq!(check(&ended), Ok(()));
    ended[3].sequence = 10;
    assert!(matches!(check(&ended), Err(Violation::Sequence { expected: 9, found: 10, .. })));
    assert!(matches!(check(&events), Err(Violation::NeverEnded { .. })));
    events.pop();
    assert_eq!(check(&events), Ok(()), "its end may be in the gap");
}

#[test]
fn a_gap_of_all_projects_explains_what_is_missing_in_each() {
    let mut events = stream(&[(1, Kind::StreamGap), (8, Kind::ActionApplied)]);
    let nil = ProjectId::from_uuid(uuid::Uuid::nil());
    events[0] = Event { project_id: nil, operation_id: operation(7), terminal: true, ..events[0].clone() };
    events[0].payload.insert("to".to_owned(), 1.into());
    assert_eq!(check(&events), Ok(()));
}

#[test]
fn a_cause_may_lie_in_a_gap() {
    let mut events = stream(&[(1, Kind::OperationStarted), (1, Kind::StreamGap), (1, Kind::ActionFailed)]);
    events[1] = Event { operation_id: operation(7), terminal: true, ..events[1].clone() };
    events[2].operation_id = operation(2);
    events[2].cause = Some(Cause { sequence: 5, ..events[0].as_cause() });
    assert_eq!(check(&events), Ok(()));
}

#[test]
fn no_number_from_the_wire_makes_the_check_overflow() {
    let mut events = whole();
    events[1] = merged(events[1].clone(), u64::MAX);
    assert_eq!(check(&events), Ok(()));
}

/// An operation by its kinds, numbered from 1, on the course that `check` judges.
fn course(kinds: &[Kind]) -> Vec<Event> {
    let said: Vec<(u64, Kind)> = (1..).zip(kinds.iter().copied()).collect();
    stream(&said)
}

/// The same for another service than one that changes the workspace.
fn course_of(service: &str, class: &str, kinds: &[Kind]) -> Vec<Event> {
    let mut events = course(kinds);
    for event in events.iter_mut().filter(|event| event.kind == Kind::OperationStarted) {
        event.payload = fields(json!({"service": service, "operation_class": class}));
    }
    // At the end of a doctor stand its findings.
    if let Some(end) = events.last_mut().filter(|end| end.kind == Kind::DiagnosticsUpdated) {
        end.payload = sample(Kind::BuildFinished, 1).payload;
    }
    events
}

fn build(kinds: &[Kind]) -> Vec<Event> {
    course_of("build", "workspace_mutation", kinds)
}

fn is_off_course(events: &[Event], kind: Kind) -> bool {
    matches!(check(events), Err(Violation::OffCourse { kind: found, .. }) if found == kind)
}

/// The event at `at` with these fields in its payload instead.
fn saying(mut events: Vec<Event>, at: usize, more: Value) -> Vec<Event> {
    events[at].payload.extend(fields(more));
    events
}

const MUTATION: [Kind; 7] = [
    Kind::OperationQueued,
    Kind::OperationStarted,
    Kind::RuntimeStateChanged,
    Kind::RuntimeStateChanged,
    Kind::AssetChanged,
    Kind::DiagnosticsUpdated,
    Kind::ActionApplied,
];

/// A mutation that did something and said that it commits.
fn mutation() -> Vec<Event> {
    let step = json!({"action_id": 1, "kind": "registry_update", "nature": "edit"});
    let events = saying(course(&MUTATION), 2, json!({"state": "committing", "previous": "healthy"}));
    let events = saying(events, 3, json!({"previous": "committing"}));
    saying(events, 6, json!({"actions": [step]}))
}

/// An observed change: stale, read again, settled.
fn reconcile() -> Vec<Event> {
    let events = course(&[
        Kind::RuntimeStateChanged,
        Kind::ReconcileStarted,
        Kind::RuntimeStateChanged,
        Kind::AssetChanged,
        Kind::DiagnosticsUpdated,
        Kind::RuntimeStateChanged,
        Kind::ReconcileFinished,
    ]);
    let events = saying(events, 0, json!({"state": "stale", "previous": "healthy"}));
    let events = saying(events, 2, json!({"state": "reconciling", "previous": "stale"}));
    saying(events, 5, json!({"state": "healthy", "previous": "reconciling"}))
}

#[test]
fn every_kind_of_operation_has_a_course_that_keeps_the_contract() {
    let looks = [Kind::OperationStarted, Kind::ProgressUpdated, Kind::DiagnosticsUpdated];
    let builds = [
        Kind::OperationQueued,
        Kind::OperationStarted,
        Kind::BuildStarted,
        Kind::ProgressUpdated,
        Kind::CacheHit,
        Kind::CacheMiss,
        Kind::DiagnosticsUpdated,
        Kind::BuildFinished,
    ];
    assert_eq!(check(&mutation()), Ok(()));
    assert_eq!(check(&reconcile()), Ok(()));
    assert_eq!(check(&build(&builds)), Ok(()));
    assert_eq!(check(&course_of("doctor", "read_only", &looks)), Ok(()));
    assert_eq!(check(&course(&[Kind::OperationStarted, Kind::PreviewReady])), Ok(()));
    assert_eq!(check(&course(&[Kind::OperationQueued, Kind::ActionFailed])), Ok(()), "cancelled while it waited");
}

#[test]
fn an_operation_is_queued_before_all_else_and_starts_before_its_work() {
    let (queued, started) = (Kind::OperationQueued, Kind::OperationStarted);
    assert!(is_off_course(&course(&[started, queued, Kind::ActionFailed]), queued));
    assert!(is_off_course(&course(&[started, started, Kind::ActionFailed]), started));
    assert!(is_off_course(&course(&[Kind::AssetChanged, started, Kind::ActionFailed]), Kind::AssetChanged));
    assert!(is_off_course(&course(&[Kind::ReconcileStarted, started, Kind::ReconcileFinished]), started));
    assert_eq!(
        check(&course(&[queued, Kind::ProgressUpdated, started, Kind::ActionFailed])),
        Ok(()),
        "waits for a lock"
    );
}

#[test]
fn a_mutation_says_nothing_of_assets_and_findings_before_it_is_published() {
    for kind in [Kind::AssetDiscovered, Kind::AssetChanged, Kind::AssetRemoved, Kind::DiagnosticsUpdated] {
        let mut events = course(&[Kind::OperationStarted, kind, Kind::ActionFailed]);
        assert!(is_off_course(&events, kind));
        events = course(&[Kind::OperationStarted, Kind::RuntimeStateChanged, kind, Kind::ActionFailed]);
        assert_eq!(check(&events), Ok(()));
        assert!(is_off_course(&saying(events, 1, json!({"state": "committing"})), kind), "{kind} while it commits");
    }
}

#[test]
fn a_mutation_says_its_state_and_progress_before_its_assets() {
    for kind in [Kind::RuntimeStateChanged, Kind::ProgressUpdated] {
        let before = [Kind::OperationStarted, Kind::RuntimeStateChanged, Kind::AssetChanged];
        assert!(is_off_course(&course(&[&before[..], &[kind, Kind::ActionApplied]].concat()), kind));
    }
}

#[test]
fn what_was_applied_was_published_before() {
    let events = saying(
        course(&[Kind::OperationStarted, Kind::ActionApplied]),
        1,
        json!({"actions": [{"action_id": 1, "kind": "registry_add", "nature": "edit"}]}),
    );
    assert!(is_off_course(&events, Kind::ActionApplied));
    assert!(is_off_course(&build(&[Kind::OperationStarted, Kind::ActionApplied]), Kind::ActionApplied));
    assert!(is_off_course(&course(&[Kind::OperationQueued, Kind::ActionApplied]), Kind::ActionApplied));
}

#[test]
fn a_build_starts_before_it_counts_and_before_it_ends() {
    for kind in [Kind::CacheHit, Kind::CacheMiss, Kind::BuildFinished] {
        assert!(is_off_course(&build(&[Kind::OperationStarted, kind, Kind::BuildFinished]), kind));
    }
    let twice = [Kind::OperationStarted, Kind::BuildStarted, Kind::BuildStarted, Kind::BuildFinished];
    assert!(is_off_course(&build(&twice), Kind::BuildStarted));
    let other = course(&[Kind::OperationStarted, Kind::BuildStarted, Kind::ActionFailed]);
    assert!(is_off_course(&other, Kind::BuildStarted), "a mutation");
}

#[test]
fn a_reconcile_starts_once_before_what_it_found_and_before_it_ends() {
    let (started, finished) = (Kind::ReconcileStarted, Kind::ReconcileFinished);
    assert!(is_off_course(&course(&[finished]), finished));
    assert!(is_off_course(&course(&[started, started, finished]), started));
    assert!(is_off_course(&course(&[Kind::DiagnosticsUpdated, started, finished]), Kind::DiagnosticsUpdated));
    assert!(is_off_course(&course(&[Kind::OperationStarted, started, finished]), started), "a mutation");
}

#[test]
fn a_preview_publishes_nothing() {
    let kinds = [Kind::OperationStarted, Kind::RuntimeStateChanged, Kind::AssetChanged, Kind::PreviewReady];
    assert!(is_off_course(&course(&kinds), Kind::PreviewReady));
    assert!(is_off_course(&course(&[Kind::PreviewReady]), Kind::PreviewReady));
}

/// One operation after another, on one bus.
fn one_after_another(operations: Vec<Vec<Event>>) -> Vec<Event> {
    let numbered = (1..).zip(operations).flat_map(|(number, events)| {
        events.into_iter().map(move |event| Event { operation_id: operation(number), ..event })
    });
    (1..).zip(numbered).map(|(cursor, event)| Event { cursor, ..event }).collect()
}

fn at_revision(mut events: Vec<Event>, revision: u64) -> Vec<Event> {
    for event in events.iter_mut().filter(|event| event.kind != Kind::OperationStarted) {
        event.revision = Some(revision);
    }
    events
}

#[test]
fn a_projects_revision_never_goes_down() {
    let said =
        |first, second| one_after_another(vec![at_revision(mutation(), first), at_revision(reconcile(), second)]);
    assert_eq!(check(&said(3, 3)), Ok(()));
    assert!(matches!(check(&said(4, 3)), Err(Violation::RevisionWentBack { told: 4, found: 3, .. })));
    let mut other = said(4, 3);
    other[7..].iter_mut().for_each(|event| event.project_id = project(2));
    assert_eq!(check(&other), Ok(()), "each project counts for itself");
}

#[test]
fn a_doctor_may_end_with_what_it_saw_at_an_older_revision() {
    let doctor = course_of("doctor", "read_only", &[Kind::OperationStarted, Kind::DiagnosticsUpdated]);
    assert_eq!(check(&one_after_another(vec![at_revision(mutation(), 4), at_revision(doctor, 3)])), Ok(()));
}

#[test]
fn a_project_that_is_opened_again_counts_anew() {
    let opening = course(&[Kind::ReconcileStarted, Kind::RuntimeStateChanged, Kind::ReconcileFinished]);
    let opening = saying(opening, 0, json!({"reason": "opened", "folders": null}));
    let opening = saying(opening, 1, json!({"state": "diverged", "previous": "stale"}));
    assert_eq!(check(&one_after_another(vec![at_revision(mutation(), 4), at_revision(opening, 1)])), Ok(()));
}

#[test]
fn the_state_before_is_the_state_that_was_told() {
    let events = one_after_another(vec![mutation(), saying(reconcile(), 0, json!({"previous": "diverged"}))]);
    let expected = (State::Healthy, State::Diverged, State::Stale);
    match check(&events) {
        Err(Violation::WrongPrevious { told, previous, state, .. }) => assert_eq!((told, previous, state), expected),
        other => panic!("{other:?}"),
    }
}

#[test]
fn mut_7_an_operation_that_ends_leaves_no_state_that_only_passes() {
    let failed = course(&[Kind::OperationStarted, Kind::RuntimeStateChanged, Kind::ActionFailed]);
    let failed = saying(failed, 1, json!({"state": "committing"}));
    assert!(matches!(check(&failed), Err(Violation::LeftPassing { state: State::Committing, .. })));
    let reasons = json!([{"code": "another_commits", "message": "another process is at work"}]);
    let anothers = saying(failed, 1, json!({"reasons": reasons}));
    assert_eq!(check(&anothers), Ok(()), "what another process does is not for this one to end");
    let mut settled = reconcile();
    settled[5].operation_id = operation(2);
    settled[5].sequence = 1;
    settled[6].sequence = 6;
    let ended = Event { operation_id: operation(2), cursor: 8, terminal: true, ..sample(Kind::ActionFailed, 2) };
    settled.push(ended);
    assert_eq!(check(&settled), Ok(()), "another operation said what came of it");
}

#[test]
fn evt_6_an_event_out_of_shape_is_found() {
    let mut events = whole();
    events[0].payload.remove("operation_class");
    assert!(matches!(check(&events), Err(Violation::Malformed { kind: Kind::OperationStarted, sequence: 1, .. })));
}

fn gap(cursor: u64, to: u64) -> Event {
    let gap = Event { operation_id: operation(99), cursor, ..sample(Kind::StreamGap, 1) };
    saying(vec![gap], 0, json!({"to": to})).remove(0)
}

#[test]
fn what_may_have_been_lost_in_a_gap_is_not_missed() {
    // Of each stream its first events are lost.
    for (whole, lost) in [(mutation(), 4), (mutation(), 1), (reconcile(), 2), (reconcile(), 5)] {
        let mut events = whole[lost..].to_vec();
        events.insert(0, gap(lost as u64, lost as u64));
        assert_eq!(check(&events), Ok(()), "{lost} lost");
    }
}

#[test]
fn a_gap_excuses_no_operation_that_lost_nothing() {
    let mut events = course(&[Kind::OperationStarted, Kind::AssetChanged, Kind::ActionFailed]);
    events.iter_mut().for_each(|event| event.cursor += 10);
    events.insert(0, gap(10, 10));
    assert!(is_off_course(&events, Kind::AssetChanged));
}

#[test]
fn after_a_gap_states_and_revisions_are_told_anew() {
    let mut events = one_after_another(vec![at_revision(mutation(), 9), at_revision(reconcile(), 2)]);
    events[7..].iter_mut().for_each(|event| event.cursor += 1);
    events[7].payload["previous"] = "diverged".into();
    assert!(check(&events).is_err());
    events.insert(7, gap(8, 8));
    assert_eq!(check(&events), Ok(()));
}

#[test]
fn events_that_were_merged_stand_on_the_same_course() {
    let merged_in = |mut events: Vec<Event>, at: usize| {
        events[at] = merged(events[at].clone(), 3);
        for event in &mut events[at..] {
            event.sequence += 2;
        }
        events
    };
    assert_eq!(check(&saying(merged_in(mutation(), 4), 4, json!({"count": 3}))), Ok(()));
    let early = merged_in(course(&[Kind::OperationStarted, Kind::AssetChanged, Kind::ActionFailed]), 1);
    assert!(is_off_course(&saying(early, 1, json!({"count": 3})), Kind::AssetChanged));
}
