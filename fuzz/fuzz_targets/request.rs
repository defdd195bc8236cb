//! Requests, plans from files among them: whatever reads can be written and reads again as the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packwright::service::Request;

fuzz_target!(|bytes: &[u8]| {
    let Ok(request) = serde_json::from_slice::<Request>(bytes) else { return };
    let text = serde_json::to_vec(&request).expect("a request is JSON");
    let again: Request = serde_json::from_slice(&text).expect("what was written reads");
    assert_eq!(again, request);
    let _ = (request.class(), request.service());
});
