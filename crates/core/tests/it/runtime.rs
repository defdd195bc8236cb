//! What is published, and in what order, while several things go on at once.

use std::sync::atomic::{AtomicBool, Ordering};

use packwright::service::Status;

use crate::{Stop, call, open};

#[test]
fn run_2_what_a_commit_published_stays_published_beside_doctors() {
    let (_tree, project) = open("-- assets/a/x.txt --\nx\n");
    assert_eq!(call(&project, r#"{"service": "register_asset", "roots": ["a"]}"#).status, Status::Ok);
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut last = 0;
                while !done.load(Ordering::Relaxed) {
                    let _ = call(&project, r#"{"service": "doctor"}"#);
                    let now = project.snapshot().revision;
                    assert!(now >= last, "revision {now} was published after {last}");
                    last = now;
                }
            });
        }
        let stop = Stop(&done);
        let lost = (0..60).find(|round| {
            let included = round % 2 == 1;
            let service = if included { "include_asset_in_build" } else { "exclude_asset_from_build" };
            let answer = call(&project, &format!(r#"{{"service": "{service}", "selectors": ["a"]}}"#));
            let snapshot = project.snapshot();
            Some(snapshot.revision) < answer.revision
                || snapshot.registered().next().is_some_and(|asset| asset.is_included()) != included
        });
        drop(stop);
        assert_eq!(lost, None, "a committed write was published over");
    });
}
