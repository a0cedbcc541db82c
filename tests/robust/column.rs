//! Columns of known values, each written in one of many ways.

use tanren::tensor::Draws;

/// What a column is.
#[derive(Clone, Debug)]
pub(crate) enum Truth {
    /// Its numbers; NaN where one is missing.
    Numbers(Vec<f64>),
    /// Its levels; `None` where one is missing.
    Levels(Vec<Option<String>>),
    /// Nothing that helps.
    Useless,
}

/// A column: what it is, how it is written, and its cells.
pub(crate) struct Column {
    pub(crate) truth: Truth,
    pub(crate) how: &'static str,
    pub(crate) cells: Vec<String>,
}

/// Ways to write a number.
type Write = fn(f64) -> String;

/// Digits with a mark between groups, and before the fraction if there is one.
fn grouped(x: f64, group: &str, decimal: &str) -> String {
    let text = format!("{:.2}", x.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut digits = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            digits.push_str(group);
        }
        digits.push(digit);
    }
    let sign = if x < 0.0 { "-" } else { "" };
    format!("{sign}{digits}{decimal}{fraction}")
}

const NUMBERS: [(&str, Write); 17] = [
    ("plain", |x| format!("{x}")),
    ("exponent", |x| format!("{x:e}")),
    ("1,234.50", |x| grouped(x, ",", ".")),
    ("1.234,50", |x| grouped(x, ".", ",")),
    ("1 234,50", |x| grouped(x, "\u{a0}", ",")),
    ("1'234.50", |x| grouped(x, "'", ".")),
    ("1234,50", |x| grouped(x, "", ",")),
    ("$1,234.50", |x| format!("${}", grouped(x, ",", ".")).replace("$-", "-$")),
    ("1.234,50 €", |x| format!("{} €", grouped(x, ".", ","))),
    ("EUR 1234.50", |x| format!("EUR {x}")),
    ("12.5%", |x| format!("{x}%")),
    ("5 kg", |x| format!("{x} kg")),
    ("5km/h", |x| format!("{x}km/h")),
    ("(5.00)", |x| if x < 0.0 { format!("({})", -x) } else { format!("{x}") }),
    ("blanks around", |x| format!("  {x} ")),
    ("1.5K", |x| format!("{}K", x / 1000.0)),
    ("5.0-", |x| if x < 0.0 { format!("{}-", -x) } else { format!("{x}") }),
];

/// A date of the 365 that follow the first day of 2023, and the time of day.
fn date(days: u64) -> (u64, u64, u64) {
    const MONTHS: [u64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (year, mut left) = (2023 + days / 365, days % 365);
    let month = MONTHS.iter().position(|&length| {
        let here = left < length;
        left -= if here { 0 } else { length };
        here
    });
    (year, month.unwrap_or(0) as u64 + 1, left + 1)
}

const NAMES: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

type WriteDate = fn(u64, (u64, u64, u64)) -> String;

const DATES: [(&str, WriteDate); 10] = [
    ("2023-12-31", |_, (y, m, d)| format!("{y}-{m:02}-{d:02}")),
    ("2023/12/31", |_, (y, m, d)| format!("{y}/{m:02}/{d:02}")),
    ("31.12.2023", |_, (y, m, d)| format!("{d:02}.{m:02}.{y}")),
    ("31/12/2023", |_, (y, m, d)| format!("{d}/{m}/{y}")),
    ("12/31/2023", |_, (y, m, d)| format!("{m}/{d}/{y}")),
    ("31-Dec-23", |_, (y, m, d)| format!("{d}-{}-{}", NAMES[m as usize - 1], y % 100)),
    ("Dec 31, 2023", |_, (y, m, d)| format!("{} {d}, {y}", NAMES[m as usize - 1])),
    ("2023-12-31T00:00:00Z", |_, (y, m, d)| format!("{y}-{m:02}-{d:02}T00:00:00Z")),
    ("20231231", |_, (y, m, d)| format!("{y}{m:02}{d:02}")),
    ("seconds", |day, _| format!("{}", (19_358 + day) * 86_400)),
];

/// What stands where a number is missing.
const GAPS: [&str; 6] = ["", "NA", "-", "ERR", "n/a", "?"];

impl Column {
    /// A column of so many rows, of a kind that is drawn.
    pub(crate) fn make(rows: usize, draws: &mut Draws) -> Self {
        match draws.below(12) {
            0..=4 => Self::numbers(rows, draws),
            5..=7 => Self::levels(rows, draws),
            8..=9 => Self::dates(rows, draws),
            _ => Self::useless(rows, draws),
        }
    }

    fn numbers(rows: usize, draws: &mut Draws) -> Self {
        let (how, write) = NUMBERS[draws.below(NUMBERS.len() as u64) as usize];
        let whole = draws.below(3) == 0;
        let scale = [100.0, 5_000.0, 2e6][draws.below(3) as usize];
        let gap = GAPS[draws.below(GAPS.len() as u64) as usize];
        let gaps = [0.0, 0.0, 0.1, 0.3][draws.below(4) as usize];
        let (mut truth, mut cells) = (Vec::new(), Vec::new());
        for _ in 0..rows {
            let x = (draws.uniform() - 0.2) * scale;
            let x = if whole { x.round() } else { (x * 100.0).round() / 100.0 };
            if draws.uniform() < gaps {
                truth.push(f64::NAN);
                cells.push(gap.to_owned());
            } else {
                truth.push(x);
                cells.push(write(x));
            }
        }
        Self { truth: Truth::Numbers(truth), how, cells }
    }

    fn levels(rows: usize, draws: &mut Draws) -> Self {
        const SETS: [(&str, &[&str]); 7] = [
            ("words", &["red", "green", "blue"]),
            ("answers", &["yes", "no"]),
            ("codes", &["A1", "B2", "C3", "D4"]),
            ("umlauts", &["süß", "öde", "wärmer"]),
            ("commas", &["Doe, John", "Roe, Jane", "a \"quoted\" one"]),
            ("numbered", &["room 1", "room 2", "room 3"]),
            ("ranges", &["0-9", "10-19", "20-29", "30+"]),
        ];
        let (how, set) = SETS[draws.below(SETS.len() as u64) as usize];
        let gaps = [0.0, 0.15][draws.below(2) as usize];
        let (mut truth, mut cells) = (Vec::new(), Vec::new());
        for _ in 0..rows {
            let level = set[draws.below(set.len() as u64) as usize];
            let missing = draws.uniform() < gaps;
            truth.push((!missing).then(|| level.to_owned()));
            cells.push(if missing { String::new() } else { level.to_owned() });
        }
        Self { truth: Truth::Levels(truth), how, cells }
    }

    fn dates(rows: usize, draws: &mut Draws) -> Self {
        let (how, write) = DATES[draws.below(DATES.len() as u64) as usize];
        let (mut truth, mut cells) = (Vec::new(), Vec::new());
        for _ in 0..rows {
            let day = draws.below(365);
            truth.push((19_358 + day) as f64); // 2023-01-01
            cells.push(write(day, date(day)));
        }
        Self { truth: Truth::Numbers(truth), how, cells }
    }

    fn useless(rows: usize, draws: &mut Draws) -> Self {
        type Cell = fn(usize) -> String;
        const KINDS: [(&str, Cell); 6] = [
            ("row numbers", |row| row.to_string()),
            ("row numbers from 1", |row| (row + 1).to_string()),
            ("a constant number", |_| "7".into()),
            ("a constant text", |_| "same".into()),
            ("nothing", |_| String::new()),
            ("names", |row| format!("customer {}", row * 7919 % 10_007)),
        ];
        let (how, cell) = KINDS[draws.below(KINDS.len() as u64) as usize];
        Self { truth: Truth::Useless, how, cells: (0..rows).map(cell).collect() }
    }
}
