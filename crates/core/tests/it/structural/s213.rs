//! S213, source-unstable.

use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};

use packwright::diagnose::Code;
use packwright::service::{BlockerCode, Status};
use packwright_testkit::files_below;

use super::{broken, check_words, spot_of};
use crate::{Stop, call, reopen};

#[test]
fn diag_1_a_source_that_keeps_changing_blocks_the_build_and_settles_by_itself_s213() {
    let broken = broken(|tree| tree.write("assets/ui/button/label.txt", vec![b'x'; 4 << 20]));
    let file = File::options().append(true).open(broken.tree.at("assets/ui/button/label.txt")).expect("a source");
    let done = AtomicBool::new(false);
    let unstable = std::thread::scope(|scope| {
        // Something else writes, and never holds still.
        scope.spawn(|| {
            let lengths = (4 << 20..(4 << 20) + 64).cycle();
            for length in lengths.take_while(|_| !done.load(Ordering::Relaxed)) {
                file.set_len(length).expect("a length");
            }
        });
        let _stop = Stop(&done);
        // That a read falls between two writes is as good as sure, and by the hundredth time it is.
        let blocked = (0..100).find_map(|_| {
            let built = call(&reopen(&broken.tree), r#"{"service": "build", "full": true}"#);
            built.is_blocked_by(BlockerCode::StructuralErrors).then_some(built)
        });
        blocked.expect("a file that changes all the time is caught at it")
    });
    let found = &unstable.diagnostics[0];
    check_words(found);
    assert_eq!((found.code, spot_of(found).as_str()), (Code::S213, "assets/ui/button/label.txt"));
    assert_eq!(found.message, "`assets/ui/button/label.txt` kept changing while it was read, three times");
    assert_eq!(unstable.diagnostics.len(), 1);
    let after = call(&reopen(&broken.tree), r#"{"service": "build"}"#);
    assert_eq!(after.status, Status::Ok, "{}", after.summary);
    assert!(files_below(&broken.tree.at("build")).contains_key("game.pack"));
}
