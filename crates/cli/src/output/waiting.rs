//! A line on a terminal that says what a command is at, from the first second on until it is done.

use super::figures::duration;
use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How long nothing is said, and how often the line changes.
const TICK: Duration = Duration::from_secs(1);

/// Does some work, and shows on `terminal` that it goes on.
pub(crate) fn wait<R>(
    terminal: &mut (dyn Write + Send),
    what: &str,
    work: impl FnOnce() -> R,
) -> R {
    thread::scope(|scope| {
        // Dropped when the work is done, even by a panic.
        let (_working, done) = mpsc::channel::<()>();
        let started = Instant::now();
        let columns = usize::from(console::Term::stderr().size().1);
        let tick = move || match done.recv_timeout(TICK) {
            Err(RecvTimeoutError::Timeout) => Some(started.elapsed().as_secs_f64()),
            _ => None,
        };
        let shown = thread::Builder::new().spawn_scoped(scope, move || {
            show(terminal, what, columns, tick);
        });
        drop(shown); // without another thread the work is done in silence
        work()
    })
}

/// Writes the line anew whenever `tick` says for how many seconds the work has gone on, and removes it
/// when that is over. Nobody looking is no reason to stop.
fn show(
    terminal: &mut (dyn Write + Send),
    what: &str,
    columns: usize,
    mut tick: impl FnMut() -> Option<f64>,
) {
    let mut shown = false;
    while let Some(seconds) = tick() {
        let line = format!("{what}: {}", duration(seconds));
        let line: String = line.chars().take(columns.saturating_sub(1)).collect();
        drop(write!(terminal, "\r{line}\x1b[K").and_then(|()| terminal.flush()));
        shown = true;
    }
    if shown {
        drop(write!(terminal, "\r\x1b[K").and_then(|()| terminal.flush()));
    }
}

#[cfg(test)]
mod tests {
    use super::{show, wait};

    fn shown(columns: usize, seconds: &[f64]) -> String {
        let (mut terminal, mut seconds) = (Vec::new(), seconds.iter().copied());
        show(&mut terminal, "reading big.csv", columns, || seconds.next());
        String::from_utf8(terminal).unwrap()
    }

    #[test]
    fn the_line_is_replaced_and_gone_afterwards() {
        assert_eq!(shown(80, &[]), "");
        assert_eq!(
            shown(80, &[1.0, 12.3]),
            "\rreading big.csv: 1.0 s\x1b[K\rreading big.csv: 12 s\x1b[K\r\x1b[K"
        );
        assert_eq!(shown(10, &[1.0]), "\rreading b\x1b[K\r\x1b[K");
    }

    #[test]
    fn the_work_is_done_once_and_its_result_given_back() {
        let (mut terminal, mut times) = (Vec::new(), 0);
        assert_eq!(
            wait(&mut terminal, "work", || {
                times += 1;
                7
            }),
            7
        );
        assert_eq!(times, 1);
    }
}
