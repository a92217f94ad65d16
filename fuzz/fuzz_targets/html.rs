//! Any page: a text whose every character leads back to a place in the source.
#![no_main]

use libfuzzer_sys::fuzz_target;
use owabi_corpora::Span;
use owabi_detector::Html;

fuzz_target!(|bytes: &[u8]| {
    let source = String::from_utf8_lossy(bytes);
    let html = Html::new(&source);
    let text = html.text();
    let mut before = 0;
    for (at, c) in text.char_indices() {
        let place = html.to_source(Span::new(at, at + c.len_utf8()));
        assert!(!place.is_empty() && source.get(place.range()).is_some(), "{at}: {place:?}");
        assert!(place.start >= before, "{at}: {place:?} begins before {before}");
        before = place.start;
    }
    if !text.is_empty() {
        let whole = html.to_source(Span::new(0, text.len()));
        assert!(!whole.is_empty() && source.get(whole.range()).is_some());
    }
    let _ = Html::is_likely(&source);
});
