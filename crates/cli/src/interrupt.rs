//! Signals that end a run: Ctrl-C, SIGTERM and SIGHUP. The first one ends it after a checkpoint, the
//! second one ends the program at once. What arrives within a moment of the first one is the same: a key
//! that bounces, or a program such as `timeout` or a shell that tells a process and then its whole group.
//! Where nobody listens, the first one ends the program, and what is temporary goes with it.

use crate::failure::Kind;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, Once, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, io};
use tempfile::TempDir;

/// For how long after the first signal another one is taken for the same.
const MOMENT: Duration = Duration::from_secs(1);

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
static CAUGHT: AtomicUsize = AtomicUsize::new(0);

/// Whether somebody listens.
static LISTENING: AtomicBool = AtomicBool::new(false);

/// A folder that is removed when a signal ends the program. Whoever holds the lock while the program ends
/// keeps the others from acting on what is being removed.
static TEMPORARY: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Listens from now on. Without a handler, as on a platform that has none, a signal just ends the
/// program.
pub(crate) fn listen() {
    LISTENING.store(true, Ordering::Relaxed);
    handle();
}

/// Makes a folder that is removed with all that is in it when a signal ends the program, whenever that
/// arrives.
///
/// # Errors
/// When there is no such folder.
pub(crate) fn temporary_folder() -> io::Result<TempDir> {
    handle();
    let mut temporary = TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::Builder::new().prefix("tanren-").tempdir()?;
    *temporary = Some(folder.path().to_owned());
    Ok(folder)
}

/// Blocks for ever if a signal is ending the program; otherwise returns at once. What fails because the
/// temporary folder is already gone is then not reported.
pub(crate) fn unless_ending() {
    drop(TEMPORARY.lock());
}

fn handle() {
    static ONCE: Once = Once::new();
    ONCE.call_once(platform::handle);
}

/// Removes what is temporary and ends the program at once.
fn end(signal: Signal, exit: impl FnOnce(i32)) {
    let mut temporary = TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(folder) = temporary.take() {
        drop(fs::remove_dir_all(folder)); // it may be gone
    }
    exit(i32::from(signal.kind().code()));
}

/// The signal that was caught, if one was.
pub(crate) fn caught() -> Option<Signal> {
    let place = CAUGHT.load(Ordering::Relaxed).checked_sub(1)?;
    Signal::ALL.get(place).copied()
}

/// When the first signal arrived.
#[derive(Debug, Default)]
struct Arrivals(Option<Instant>);

impl Arrivals {
    /// Remembers the first signal that somebody listens to. Whether this one, the place of which in
    /// [`Signal::ALL`] is given, is to end the program at once.
    fn add(&mut self, place: usize, now: Instant) -> bool {
        match self.0 {
            None if !LISTENING.load(Ordering::Relaxed) => true,
            None => {
                self.0 = Some(now);
                CAUGHT.store(place + 1, Ordering::Relaxed);
                false
            }
            Some(first) => now.saturating_duration_since(first) >= MOMENT,
        }
    }
}

#[cfg(unix)]
mod platform {
    use super::{Arrivals, Signal, end};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::exit;
    use std::io::{IsTerminal as _, stderr, stdin, stdout};
    use std::thread;
    use std::time::Instant;

    const fn number(signal: Signal) -> i32 {
        match signal {
            Signal::Interrupt => SIGINT,
            Signal::Terminate => SIGTERM,
            Signal::HangUp => SIGHUP,
        }
    }

    pub(super) fn handle() {
        let heard =
            Signal::ALL.into_iter().filter(|&signal| signal != Signal::HangUp || !ignored());
        let Ok(mut signals) = Signals::new(heard.map(number)) else { return };
        let wait = move || {
            let mut arrivals = Arrivals::default();
            for found in &mut signals {
                let place = Signal::ALL.iter().position(|&signal| number(signal) == found);
                if let Some(place) = place
                    && arrivals.add(place, Instant::now())
                {
                    end(Signal::ALL[place], |code| exit(code));
                }
            }
        };
        drop(thread::Builder::new().name("signals".into()).spawn(wait));
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
    use super::{Arrivals, Signal, end};
    use std::time::Instant;

    pub(super) fn handle() {
        let mut arrivals = Arrivals::default();
        drop(ctrlc::set_handler(move || {
            if arrivals.add(0, Instant::now()) {
                end(Signal::Interrupt, |code| std::process::exit(code));
            }
        }));
    }
}

#[cfg(test)]
mod tests {
    use super::{Arrivals, LISTENING, MOMENT, Signal, caught};
    use std::sync::atomic::Ordering;
    use std::time::{Duration, Instant};

    #[test]
    fn a_signal_within_a_moment_of_the_first_is_the_same() {
        let mut arrivals = Arrivals::default();
        let start = Instant::now();
        assert_eq!(caught(), None);
        assert!(arrivals.add(1, start), "nobody listens");
        LISTENING.store(true, Ordering::Relaxed);
        assert!(!arrivals.add(1, start));
        for after in [Duration::ZERO, Duration::from_millis(100), MOMENT - Duration::from_nanos(1)]
        {
            assert!(!arrivals.add(0, start + after), "{after:?}");
        }
        assert_eq!(caught(), Some(Signal::Terminate));
        assert!(arrivals.add(0, start + MOMENT));
    }
}
