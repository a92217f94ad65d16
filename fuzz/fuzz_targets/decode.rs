//! Any bytes, in any encoding: text or an error with its place, and nothing lost where no stray bytes are told.
#![no_main]

use libfuzzer_sys::fuzz_target;
use owabi_detector::{Encoding, decode};

fuzz_target!(|bytes: &[u8]| {
    for told in [None].into_iter().chain(Encoding::ALL.map(Some)) {
        match decode(bytes, told) {
            Ok(found) => {
                assert!(told.is_none() || found.stray.is_none());
                assert!(found.stray.is_none_or(|stray| stray.count > 0 && stray.first.byte < bytes.len()));
                assert!(!found.text.contains('\0'));
                // What was found can be told.
                if found.stray.is_none() {
                    assert_eq!(decode(bytes, Some(found.encoding)).map(|again| again.text), Ok(found.text));
                }
            }
            Err(error) => assert!(error.line() > 0 && !error.to_string().contains('\n')),
        }
    }
});
