//! Curves drawn as text: one in the dots of braille or in ASCII, several in letters.

use super::figures::significant;

/// Rows of a curve.
const ROWS: usize = 8;

/// Columns of a curve, at least.
const NARROWEST: usize = 4;

/// How many times its least value the greatest may be, before a logarithmic axis shows more.
const DECADES: f64 = 100.0;

/// The width of a drawing where it goes to no terminal, and the greatest one.
const WIDTH: usize = 80;

/// How wide a drawing is, and whether it may have characters beyond ASCII, where results go to a terminal
/// of so many columns, if to one.
pub(crate) fn canvas(columns: Option<usize>) -> (usize, bool) {
    (columns.unwrap_or(WIDTH).min(WIDTH), columns.is_some() && utf8())
}

/// Whether the terminal is set up for UTF-8.
fn utf8() -> bool {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].iter().filter_map(|name| std::env::var(name).ok());
    let first = set.into_iter().find(|value| !value.is_empty()).unwrap_or_default();
    let first = first.to_ascii_lowercase();
    first.contains("utf-8") || first.contains("utf8")
}

/// What is drawn, and where.
pub(crate) struct Plot<'a> {
    /// The value after each share of the way, from 0 to 1.
    pub(crate) value: &'a dyn Fn(f64) -> f64,
    /// Where the way begins and ends, and in what.
    pub(crate) ends: [&'a str; 2],
    pub(crate) unit: &'a str,
    /// Characters in a line.
    pub(crate) width: usize,
    /// Whether there are characters beyond ASCII.
    pub(crate) unicode: bool,
}

impl Plot<'_> {
    /// The curve with its axes: at the left its greatest and its least value, below how far it goes.
    /// Nothing where there is no room for it.
    pub(crate) fn draw(&self) -> String {
        let (least, greatest) = self.bounds();
        let labels = [significant(greatest), significant(least)];
        self.drawn((least, greatest), &labels)
    }

    /// The same, on a logarithmic axis, and with a word about it, where all values are above 0 and the greatest
    /// is more than a hundred times the least.
    pub(crate) fn draw_over_decades(&self) -> String {
        let (least, greatest) = self.bounds();
        if least <= 0.0 || greatest / least <= DECADES {
            return self.draw();
        }
        let labels = [significant(greatest), "log".to_owned(), significant(least)];
        let logarithm = |share: f64| (self.value)(share).ln();
        Plot { value: &logarithm, ..*self }.drawn((least.ln(), greatest.ln()), &labels)
    }

    fn drawn(&self, (least, greatest): (f64, f64), labels: &[String]) -> String {
        let (wide, high) = if self.unicode { (2, 4) } else { (1, 1) };
        let margin = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
        let columns = self.width.saturating_sub(margin + 4);
        if columns < NARROWEST {
            return String::new();
        }
        let dots = self.dots(columns * wide, ROWS * high, (least, greatest));
        let line = |row: usize| {
            let cells = (0..columns).map(|column| {
                let lit = |x: usize, y: usize| dots[column * wide + x][row * high + y];
                if self.unicode { braille(lit) } else { if lit(0, 0) { '*' } else { ' ' } }
            });
            cells.collect::<String>()
        };
        let lines: Vec<String> = (0..ROWS).map(line).collect();
        framed(&lines, labels, (columns, self.unicode), (self.ends, self.unit))
    }

    /// The least and the greatest value on the way.
    fn bounds(&self) -> (f64, f64) {
        const LOOKS: usize = 1000;
        let values = (0..=LOOKS).map(|i| (self.value)(i as f64 / LOOKS as f64));
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| (a.min(x), b.max(x)))
    }

    /// Which dots are lit, column by column from the left, in each from the top: those of the value, and
    /// between it and the one before, so that no curve is torn.
    fn dots(&self, width: usize, height: usize, (least, greatest): (f64, f64)) -> Vec<Vec<bool>> {
        let span = greatest - least;
        let row = |value: f64| {
            let share = if span > 0.0 { (greatest - value) / span } else { 0.0 };
            let row = share * (height - 1) as f64;
            (0..height).min_by_key(|&at| ((at as f64 - row).abs() * 1e6) as u64).unwrap_or(0)
        };
        let mut before = None;
        let column = |x: usize| {
            let here = row((self.value)(x as f64 / (width - 1).max(1) as f64));
            let from = before.replace(here).unwrap_or(here);
            // The step down or up is drawn in the column of the new value.
            let (top, bottom) = match from {
                from if from < here => (from + 1, here),
                from if from > here => (here, from - 1),
                _ => (here, here),
            };
            (0..height).map(|y| (top..=bottom).contains(&y)).collect()
        };
        (0..width).map(column).collect()
    }
}

/// What is written below an axis: its ends and between them its unit, or as much of it as there is room
/// for.
fn axis(columns: usize, [from, to]: [&str; 2], unit: &str) -> String {
    let width = |text: &str| text.chars().count();
    let room = columns.saturating_sub(width(from) + width(to));
    // What stands in brackets may be left out.
    let short = unit.split(" (").next().unwrap_or_default();
    let unit = [unit, short].into_iter().find(|unit| width(unit) + 2 <= room).unwrap_or_default();
    let gap = room.saturating_sub(width(unit));
    let (left, right) = (" ".repeat(gap / 2), " ".repeat(gap - gap / 2));
    match gap {
        0 => format!("{to:>columns$}"),
        _ => format!("{from}{left}{unit}{right}{to}"),
    }
}

/// Text in which no line is longer than the terminal it goes to, if it goes to one: broken at blanks, or
/// anywhere in a longer word.
pub(crate) fn folded(text: String, columns: Option<usize>) -> String {
    let Some(columns) = columns.filter(|columns| *columns > 0) else { return text };
    let mut folded = String::new();
    for line in text.lines() {
        let mut rest = line.trim_end();
        while let Some((end, _)) = rest.char_indices().nth(columns) {
            let blank =
                rest[..end].trim_end().rfind(' ').filter(|at| !rest[..*at].trim().is_empty());
            let (head, tail) = rest.split_at(blank.unwrap_or(end));
            folded.push_str(head.trim_end());
            folded.push('\n');
            rest = tail.trim_start();
        }
        folded.push_str(rest);
        folded.push('\n');
    }
    folded
}

/// Lines of a drawing with axes: at the left its greatest and its least value, and between them what is said
/// of the axis; below where the way begins and ends.
pub(super) fn framed(
    lines: &[String],
    labels: &[String],
    (columns, unicode): (usize, bool),
    (ends, unit): ([&str; 2], &str),
) -> String {
    let margin = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
    let (side, tick, corner, floor) = match unicode {
        true => ('│', '┤', '└', '─'),
        false => ('|', '+', '+', '-'),
    };
    let mut text = String::new();
    for (row, line) in lines.iter().enumerate() {
        let (label, side) = match row {
            0 => (labels.first().map_or("", String::as_str), tick),
            _ if row + 1 == lines.len() => (labels.last().map_or("", String::as_str), tick),
            _ if row == lines.len() / 2 && labels.len() > 2 => (labels[1].as_str(), side),
            _ => ("", side),
        };
        text.push_str(&format!("  {label:>margin$} {side}{}", line.trim_end()));
        text.push('\n');
    }
    let line: String = std::iter::repeat_n(floor, columns).collect();
    text.push_str(&format!("  {:margin$} {corner}{line}\n", ""));
    if ends[1].chars().count() <= columns {
        text.push_str(&format!("  {:margin$}  {}\n", "", axis(columns, ends, unit)));
    }
    text
}

/// The character whose eight dots, two wide and four high, are lit as `lit` says; a blank for none.
fn braille(lit: impl Fn(usize, usize) -> bool) -> char {
    const BITS: [[u32; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];
    let places = (0..2).flat_map(|x| (0..4).map(move |y| (x, y)));
    let bits: u32 = places.filter(|&(x, y)| lit(x, y)).map(|(x, y)| BITS[x][y]).sum();
    if bits == 0 { ' ' } else { char::from_u32(0x2800 + bits).unwrap_or('?') }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(value: &dyn Fn(f64) -> f64, unicode: bool) -> String {
        Plot { value, ends: ["0", "50"], unit: "epochs", width: 30, unicode }.draw()
    }

    #[test]
    fn a_line_goes_from_corner_to_corner() {
        let text = drawn(&|x| 1.0 - x, false);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), ROWS + 2, "{text}");
        assert!(
            lines[0].starts_with("  1 +**") && lines[ROWS - 1].starts_with("  0 +  "),
            "{text}"
        );
        assert!(lines[ROWS - 1].ends_with("**") && lines[ROWS].starts_with("    +---"), "{text}");
        assert!(lines[ROWS + 1].contains("epochs") && lines[ROWS + 1].ends_with("50"), "{text}");
        assert!(text.is_ascii() && lines.iter().all(|line| line.len() <= 30), "{text}");
    }

    #[test]
    fn an_axis_is_no_wider_than_its_columns() {
        let unit = "learning rate (logarithmic)";
        let text = axis(60, ["1e-7", "0.5094"], unit);
        assert!(text.contains(unit) && text.ends_with(" 0.5094"), "{text}");
        let text = axis(28, ["1e-7", "0.5094"], unit);
        assert!(text.contains(" learning rate ") && !text.contains('('), "{text}");
        assert_eq!(axis(12, ["1e-7", "0.5094"], unit), "1e-7  0.5094");
        assert_eq!(axis(10, ["1e-7", "0.5094"], unit), "    0.5094");
        for columns in 10..90 {
            assert_eq!(axis(columns, ["1", "307"], "updates").chars().count(), columns);
        }
    }

    #[test]
    fn decades_have_a_logarithmic_axis() {
        let value = |x: f64| 10f64.powf(-3.0 * x);
        let plot =
            Plot { value: &value, ends: ["0", "50"], unit: "epochs", width: 30, unicode: false };
        let text = plot.draw_over_decades();
        assert!(text.contains("  log |") && text.contains("0.001 +"), "{text}");
        // A power is a straight line there: every row has some of it.
        assert!(text.lines().take(ROWS).all(|line| line.contains('*')), "{text}");
        for value in [&(|x| 1.0 - x) as &dyn Fn(f64) -> f64, &|x| 1.0 + x] {
            let plot = Plot { value, ..plot };
            assert_eq!(plot.draw_over_decades(), plot.draw());
        }
    }

    #[test]
    fn narrow_terminals_are_wide_enough() {
        for width in 1..40 {
            let plot = Plot {
                value: &|x| x,
                ends: ["0", "1000000"],
                unit: "epochs",
                width,
                unicode: false,
            };
            let text =
                format!("training.search.rate: one-cycle\n{}  start 0, greatest 1\n", plot.draw());
            let folded = folded(text.clone(), Some(width));
            assert!(folded.lines().all(|line| line.len() <= width), "{width}: {folded}");
            assert!(plot.draw().lines().all(|line| line.len() <= width), "{width}");
        }
        assert_eq!(folded("a line of words\n".into(), Some(8)), "a line\nof words\n");
    }

    #[test]
    fn dots_of_braille_are_finer() {
        let text = drawn(&|x| 1.0 - x, true);
        assert!(text.lines().all(|line| line.chars().count() <= 30), "{text}");
        assert!(text.contains('┤') && text.contains('⠑'), "{text}");
        assert_eq!(braille(|_, _| true), '⣿');
        assert_eq!(braille(|x, y| (x, y) == (0, 3)), '⡀');
    }

    #[test]
    fn a_constant_is_a_line() {
        let text = drawn(&|_| 0.5, false);
        let first = text.lines().next().unwrap();
        assert!(
            first.starts_with("  0.5 +****")
                && text.matches('*').count() == first.matches('*').count()
        );
    }
}
