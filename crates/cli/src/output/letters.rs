//! Several curves in one drawing, each in a letter of its own.

use super::figures::significant;
use super::plot::framed;

/// Rows of the drawing.
const ROWS: usize = 14;

/// A curve: its letter, and its value after every update.
pub(super) struct Curve<'a> {
    pub(super) letter: char,
    pub(super) values: &'a [f64],
}

/// Draws curves over updates, on a logarithmic scale where all values are above 0. Where several meet, the
/// one that comes first is seen. Each column shows the mean of its updates.
pub(super) fn letters(curves: &[Curve<'_>], (width, unicode): (usize, bool)) -> String {
    let updates = curves.iter().map(|curve| curve.values.len()).max().unwrap_or(0);
    if updates == 0 {
        return String::new();
    }
    // The labels are known before the columns: at most ten characters.
    let columns = width.saturating_sub(14).max(10);
    let column = |values: &[f64], x: usize| {
        let (from, to) = (x * updates / columns, ((x + 1) * updates / columns));
        let part = values.get(from..to.max(from + 1).min(values.len()))?;
        (!part.is_empty()).then(|| part.iter().sum::<f64>() / part.len() as f64)
    };
    let drawn: Vec<Vec<Option<f64>>> = curves
        .iter()
        .map(|curve| (0..columns).map(|x| column(curve.values, x)).collect())
        .collect();
    let all = || drawn.iter().flatten().flatten().copied();
    let (least, greatest) =
        all().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)));
    let scale = |x: f64| if least > 0.0 { x.ln() } else { x };
    let span = scale(greatest) - scale(least);
    let row = |x: f64| {
        let share = if span > 0.0 { (scale(greatest) - scale(x)) / span } else { 0.0 };
        (0..ROWS)
            .min_by(|&a, &b| {
                let off = |row: usize| (row as f64 - share * (ROWS - 1) as f64).abs();
                off(a).total_cmp(&off(b))
            })
            .unwrap_or(0)
    };
    let mut cells = vec![vec![' '; columns]; ROWS];
    for (curve, values) in curves.iter().zip(&drawn).rev() {
        for (x, value) in values.iter().enumerate() {
            if let Some(value) = value {
                cells[row(*value)][x] = curve.letter;
            }
        }
    }
    let lines: Vec<String> = cells.into_iter().map(|line| line.into_iter().collect()).collect();
    let labels = [format!("{:>9}", significant(greatest)), significant(least)];
    let end = updates.to_string();
    framed(&lines, &labels, (columns, unicode), (["1", &end], "updates"))
}

#[cfg(test)]
mod tests {
    use super::{Curve, letters};

    #[test]
    fn every_curve_has_its_letter() {
        let (falls, stays): (Vec<f64>, Vec<f64>) =
            ((0..100).map(|i| 10f64.powf(-f64::from(i) / 50.0)).collect(), vec![1.0; 30]);
        let curves = [Curve { letter: 'a', values: &falls }, Curve { letter: 'b', values: &stays }];
        let text = letters(&curves, (40, false));
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].contains("1 +a") && lines[0].contains('b'), "{text}");
        assert!(lines[13].ends_with('a') && lines[13].contains("0.01"), "{text}");
        assert!(lines.iter().all(|line| line.chars().count() <= 40), "{text}");
        assert!(lines[15].contains("updates") && lines[15].ends_with("100"), "{text}");
        // A logarithm makes it a line: the rows go down evenly.
        let at = |row: usize| lines[row].find('a').unwrap();
        assert!(at(4) < at(8) && at(8) < at(12), "{text}");
        // No line is longer than a narrow terminal.
        let narrow = letters(&curves, (25, false));
        assert!(narrow.lines().all(|line| line.chars().count() <= 25), "{narrow}");
        assert_eq!(letters(&[], (40, false)), "");
    }
}
