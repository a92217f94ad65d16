//! Ctrl-C. A command that can say how to go on asks [`requested`] between its steps; any other ends at once.

use std::sync::atomic::{AtomicBool, Ordering};

static GRACEFUL: AtomicBool = AtomicBool::new(false);
static REQUESTED: AtomicBool = AtomicBool::new(false);

/// Takes over Ctrl-C. Where the system does not allow it, Ctrl-C ends the process as always.
pub(crate) fn listen() {
    let _ = ctrlc::set_handler(|| {
        let again = REQUESTED.swap(true, Ordering::SeqCst);
        if again || !GRACEFUL.load(Ordering::SeqCst) {
            crate::detectors::end_all();
            crate::error::complain("interrupted; nothing was finished, run the same command again");
            std::process::exit(130);
        }
    });
}

/// From now on the first Ctrl-C only sets [`requested`].
pub(crate) fn be_graceful() {
    GRACEFUL.store(true, Ordering::SeqCst);
}

/// Whether Ctrl-C was pressed.
pub(crate) fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}
