//! The columns of some data as a table of text, as wide as the terminal lets it be.

use crate::output::console::one_line;
use crate::output::figures::counted;
use std::fmt::Write as _;
use tanren_data::{ColumnKind, ColumnProfile, MAX_DISTINCT};

/// Columns of the data that are shown.
const SHOWN: usize = 60;
/// The fewest characters of a name, and of the levels of a category, where there are so many.
const NAME: usize = 12;
const LEVELS: usize = 16;

/// The figures of a column, in the order in which they stand.
const FIGURES: [&str; 6] = ["missing", "distinct", "min", "max", "mean", "std"];

/// The figures that go first where a terminal is too narrow for all.
const DROPPED: [usize; 5] = [5, 1, 4, 0, 2];

/// The table, in lines of `width` characters. If `drops`, figures for which there is no room are left
/// out.
pub(super) fn columns(
    text: &mut String,
    profiles: &[ColumnProfile],
    (width, drops): (usize, bool),
) {
    let shown: Vec<Line> = profiles.iter().take(SHOWN).map(Line::new).collect();
    let wide = |column: usize| {
        let cells = shown.iter().filter_map(|line| line.figures.get(column));
        let cells = cells.map(|cell| cell.chars().count());
        cells.chain([FIGURES[column].len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..FIGURES.len()).map(wide).collect();
    let longest = shown.iter().map(|line| line.name.chars().count()).chain([6]).max().unwrap_or(0);
    let mut kept = [true; FIGURES.len()];
    // Two characters of indent, and the type.
    let used = |kept: &[bool]| -> usize {
        let figures = widths.iter().zip(kept).filter(|(_, kept)| **kept);
        2 + 5 + figures.map(|(width, _)| width + 1).sum::<usize>()
    };
    for figure in DROPPED {
        if drops && used(&kept) + longest.min(NAME) > width {
            kept[figure] = false;
        }
    }
    let room = width.saturating_sub(used(&kept)).max(NAME).min(longest);
    let line = |name: &str, kind: &str, figures: &[String], levels: Option<&str>| {
        let mut line = format!("  {:room$} {kind:4}", cut(name, room));
        for (cell, (width, _)) in figures
            .iter()
            .zip(&widths)
            .zip(kept)
            .map(|((c, w), k)| (c, (w, k)))
            .filter(|(_, (_, kept))| *kept)
        {
            let _ = write!(line, " {cell:>width$}");
        }
        if let Some(levels) = levels {
            let left = width.saturating_sub(line.chars().count() + 1).max(LEVELS);
            let _ = write!(line, " {}", cut(levels, left));
        }
        line
    };
    let head = FIGURES.map(str::to_owned);
    let _ = writeln!(text, "{}", line("column", "type", &head, None));
    for Line { name, kind, figures, levels } in &shown {
        let _ = writeln!(text, "{}", line(name, kind, figures, levels.as_deref()));
    }
    if let Some(more) = profiles.len().checked_sub(SHOWN + 1) {
        let more = counted(more + 1, "more column");
        let _ = writeln!(text, "  and {more} (--json lists all)");
    }
}

/// What is said of one column.
struct Line {
    name: String,
    kind: &'static str,
    /// Fewer for a category, which has levels instead.
    figures: Vec<String>,
    levels: Option<String>,
}

impl Line {
    fn new(profile: &ColumnProfile) -> Self {
        let &ColumnProfile { min, max, mean, std, .. } = profile;
        let most = if profile.distinct >= MAX_DISTINCT { "+" } else { "" };
        let counts = [profile.missing.to_string(), format!("{}{most}", profile.distinct)];
        let (kind, figures, levels) = match profile.kind {
            ColumnKind::Category => {
                let levels =
                    profile.levels.iter().map(|(name, n)| format!("{} {n}", one_line(name)));
                ("cat", counts.to_vec(), Some(levels.collect::<Vec<_>>().join(", ")))
            }
            ColumnKind::Number => {
                let range = max - min;
                let numbers = [min, max, mean].map(|x| number(x, range));
                let figures = counts.into_iter().chain(numbers).chain([number(std, std)]);
                ("num", figures.collect(), None)
            }
        };
        Self { name: one_line(&profile.name), kind, figures, levels }
    }
}

/// A number of a column, with so many digits that the ends of its `range` can be told apart.
fn number(x: f64, range: f64) -> String {
    let needed = if range > 0.0 { (1.0 - range.log10()).ceil() } else { 0.0 };
    match x.abs() {
        _ if x.is_nan() => "-".into(),
        a if x.fract() == 0.0 && a < 1e15 => format!("{x:.0}"),
        a if !(1e-3..1e15).contains(&a) => {
            let digits = (needed + a.log10().floor()).clamp(2.0, 16.0) as usize;
            format!("{x:.digits$e}")
        }
        a => {
            let usual = if a < 100.0 {
                4.0
            } else if a < 1e5 {
                2.0
            } else {
                0.0
            };
            // A double has no more than 17 digits.
            let most = 16.0 - a.log10().floor();
            let decimals = needed.min(most).max(usual) as usize;
            format!("{x:.decimals$}")
        }
    }
}

/// The beginning of a text that is too long.
fn cut(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        Some(_) => text.chars().take(width.saturating_sub(1)).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tanren_data::column_profiles;
    use tanren_plugin::{Feature, Field};

    fn table(features: Vec<Feature>, values: Vec<f64>, width: (usize, bool)) -> String {
        let rows: Vec<usize> = (0..values.len() / features.len()).collect();
        let mut text = String::new();
        let field = Field::numbers("inputs", features, values);
        columns(&mut text, &column_profiles(&field, &rows), width);
        text
    }

    #[test]
    fn the_ends_of_a_range_can_be_told_apart() {
        for (low, high, texts) in [
            (1_700_000_000.0, 1_700_000_059.0, ["1700000000", "1700000059"]),
            (0.999_91, 0.999_99, ["0.999910", "0.999990"]),
            (-1.0, 1.0, ["-1", "1"]),
            (0.25, 123.5, ["0.2500", "123.50"]),
            (1e-9, 3e-9, ["1.00e-9", "3.00e-9"]),
            (1e20, 1.000_01e20, ["1.000000e20", "1.000010e20"]),
        ] {
            assert_eq!([low, high].map(|x| number(x, high - low)), texts);
        }
        assert_eq!(number(f64::NAN, f64::NAN), "-");
        assert_eq!(number(0.5, f64::INFINITY), "0.5000");
    }

    #[test]
    fn a_narrow_terminal_has_fewer_figures() {
        let levels = ["red", "green", "blue"].map(str::to_owned).to_vec();
        let features = || {
            let long = Feature::number("temperature_of_the_water");
            vec![long, Feature::category("colour", levels.clone())]
        };
        let values = || vec![1.5, 0.0, 1_700_000_000.25, 1.0, 3.5, 2.0];
        let wide = table(features(), values(), (120, true));
        for word in ["std", "temperature_of_the_water", "red 1, green 1, blue 1"] {
            assert!(wide.contains(word), "{word}: {wide}");
        }
        let narrow = table(features(), values(), (60, true));
        assert!(!narrow.contains("std") && narrow.contains("max"), "{narrow}");
        assert!(narrow.lines().all(|line| line.chars().count() <= 60), "{narrow}");
        // Where nobody can see that a figure is missing, none is.
        assert!(table(features(), values(), (60, false)).contains("std"));
    }
}
