//! Ctrl-C: the first one ends a run after a checkpoint, the second one ends the program.

use std::sync::atomic::{AtomicBool, Ordering};

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Listens from now on. Without a handler, as on a platform that has none, Ctrl-C just ends the
/// program.
pub(crate) fn listen() {
    drop(ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(crate::failure::Kind::Interrupted.code()));
        }
    }));
}

/// Whether Ctrl-C was typed.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}
