//! Any text: no panic, no hang, and spans that lie in the text.
#![no_main]

use std::convert::Infallible;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use owabi_detector::Detector;

static DETECTOR: LazyLock<Detector> = LazyLock::new(Detector::builtin);

fuzz_target!(|bytes: &[u8]| {
    // Broken bytes become U+FFFD: most mutations of a Japanese text break a character, and would test nothing otherwise.
    let text = String::from_utf8_lossy(bytes);
    let mut labels = DETECTOR.detect(&text);
    let _ = labels.visit_spans(|path, mention| {
        assert!(mention.start < mention.end && text.get(mention.span().range()).is_some(), "{path} points outside the text");
        Ok::<(), Infallible>(())
    });
});
