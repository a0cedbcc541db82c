//! Numbers as people read them, and the figures that the table and the JSON object share.

use tanren_trainer::Trained;

/// A count and its noun: "1 row", "1,294 rows".
pub(crate) fn counted(n: usize, thing: &str) -> String {
    format!("{} {thing}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// A count with commas between thousands: 1,234,567.
pub(crate) fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Samples seen per second; 0 before any time has passed.
pub(crate) fn samples_per_second(trained: &Trained) -> f64 {
    if trained.seconds > 0.0 { trained.samples as f64 / trained.seconds } else { 0.0 }
}

/// Steps that were not taken as planned, of all epochs.
pub(crate) fn fallbacks(trained: &Trained) -> u64 {
    trained.history.iter().map(|epoch| epoch.fallbacks).sum()
}
