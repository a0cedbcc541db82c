//! Signals that end a run: Ctrl-C, SIGTERM and SIGHUP. The first one ends it after a checkpoint, the
//! second one ends the program.

use crate::failure::Kind;
use std::sync::LazyLock;
use std::sync::{Arc, Once, atomic::AtomicUsize, atomic::Ordering};

/// A signal that ends a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// A polite request to end.
    Terminate,
    /// The terminal is gone.
    HangUp,
}

impl Signal {
    const ALL: [Self; 3] = [Self::Interrupt, Self::Terminate, Self::HangUp];

    /// What it is as a failure.
    pub(crate) const fn kind(self) -> Kind {
        match self {
            Self::Interrupt => Kind::Interrupted,
            Self::Terminate => Kind::Terminated,
            Self::HangUp => Kind::HungUp,
        }
    }

    /// What happened, in words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Interrupt => "interrupted",
            Self::Terminate => "ended by SIGTERM",
            Self::HangUp => "ended by SIGHUP, since its terminal was closed",
        }
    }
}

/// The place of the signal that was caught in [`Signal::ALL`], from 1; 0 before.
static CAUGHT: LazyLock<Arc<AtomicUsize>> = LazyLock::new(Arc::default);

/// Listens from now on. Without a handler, as on a platform that has none, a signal just ends the
/// program.
pub(crate) fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(platform::listen);
}

/// The signal that was caught, if one was.
pub(crate) fn caught() -> Option<Signal> {
    let place = CAUGHT.load(Ordering::Relaxed).checked_sub(1)?;
    Signal::ALL.get(place).copied()
}

#[cfg(unix)]
mod platform {
    use super::{CAUGHT, Signal};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::flag;
    use std::io::{IsTerminal as _, stderr, stdin, stdout};
    use std::sync::{Arc, atomic::AtomicBool};

    pub(super) fn listen() {
        let again = Arc::new(AtomicBool::new(false));
        for (place, signal) in Signal::ALL.into_iter().enumerate() {
            let number = match signal {
                Signal::Interrupt => SIGINT,
                Signal::Terminate => SIGTERM,
                Signal::HangUp if ignored() => continue,
                Signal::HangUp => SIGHUP,
            };
            // In this order: the first signal finds `again` unset, sets it and is remembered. A handler
            // that cannot be set leaves the signal as it was.
            let code = i32::from(signal.kind().code());
            drop(flag::register_conditional_shutdown(number, code, Arc::clone(&again)));
            drop(flag::register(number, Arc::clone(&again)));
            drop(flag::register_usize(number, Arc::clone(&CAUGHT), place + 1));
        }
    }

    /// Whether this program was started to outlive its terminal, as by `nohup`. Linux tells which
    /// signals are ignored; elsewhere `nohup` is known by leaving no terminal to any of the streams.
    fn ignored() -> bool {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        match mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()) {
            Some(mask) => mask & (1 << (SIGHUP - 1)) != 0,
            None => !(stdin().is_terminal() || stdout().is_terminal() || stderr().is_terminal()),
        }
    }
}

#[cfg(not(unix))]
mod platform {
    use super::{CAUGHT, Signal};
    use std::sync::atomic::Ordering;

    pub(super) fn listen() {
        drop(ctrlc::set_handler(|| {
            if CAUGHT.swap(1, Ordering::Relaxed) > 0 {
                std::process::exit(i32::from(Signal::Interrupt.kind().code()));
            }
        }));
    }
}
