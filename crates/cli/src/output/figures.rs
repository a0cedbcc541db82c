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

/// A fraction as a percentage with at most one decimal.
pub(crate) fn percent(fraction: f64) -> f64 {
    (1000.0 * fraction).round() / 10.0
}

/// A count in at most six characters: 950, 12.3k, 4.56M.
pub(crate) fn short(x: f64) -> String {
    match x {
        x if x < 1e3 => format!("{x:.0}"),
        x if x < 1e6 => format!("{:.1}k", x / 1e3),
        x => format!("{:.2}M", x / 1e6),
    }
}

/// A number with four significant digits: 0.01, 3.162e-5.
pub(crate) fn significant(x: f64) -> String {
    let digits = format!("{x:.3e}");
    let rounded: f64 = digits.parse().unwrap_or(x);
    match rounded.abs() {
        0.0 => "0".into(),
        size if (1e-4..1e6).contains(&size) => rounded.to_string(),
        _ => format!("{rounded:e}"),
    }
}

/// A duration in words: 0.4 s, 12 s, 3 min, 5 h.
pub(crate) fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 10.0 => format!("{s:.1} s"),
        s if s < 100.0 => format!("{s:.0} s"),
        s if s < 6000.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.0} h", s / 3600.0),
    }
}

/// What stands between the parts of a line.
pub(crate) const BETWEEN: &str = "  ";

/// How many of the parts of a line, from the first, fit into so many columns.
pub(crate) fn fitting(columns: usize, parts: &[String]) -> usize {
    let mut used = 0;
    let fits = parts.iter().enumerate().take_while(|(n, part)| {
        used += part.chars().count() + if *n > 0 { BETWEEN.len() } else { 0 };
        used <= columns
    });
    fits.count()
}
