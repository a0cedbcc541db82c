//! The arguments of `sweep`.

use super::{Subject, Written, numbers};
use clap::Args;
use tanren_trainer::log_spaced;

#[derive(Debug, Args)]
pub(crate) struct Sweep {
    #[command(flatten)]
    pub(crate) subject: Subject,
    /// Learning rates to try: numbers with commas between them, or a range with a count on a logarithmic
    /// scale, such as 1e-6..1e0/13 [default: 0.1,0.001,1e-6, unless --over is given]
    #[arg(long, value_name = "RATES", value_parser = Rates::parse, allow_hyphen_values = true)]
    pub(crate) rates: Option<Rates>,
    /// Another setting to try several values of, such as training.batch=16,32,64 or
    /// network.penalties.0.strength=1e-5..1e-1/5; several make a grid (may be repeated)
    #[arg(long, value_name = "KEY=VALUES", value_parser = Over::parse)]
    pub(crate) over: Vec<Over>,
    /// Try no more rates between the best one and its neighbors
    #[arg(long)]
    pub(crate) no_refine: bool,
    /// Range test: one training in which the rate grows with every update, and the rate it suggests;
    /// --rates A..B changes its range [default: 1e-7..10]
    #[arg(long, conflicts_with_all = ["over", "no_refine", "seeds"])]
    pub(crate) range_test: bool,
    /// Updates of those that are trained longest [default: a quarter of what the recipe allows; of a range
    /// test those of an epoch, at least 300; else at least 100]
    #[arg(long, value_name = "N", value_parser = numbers::whole::<u64>(1, 1_000_000_000), allow_negative_numbers = true)]
    pub(crate) updates: Option<u64>,
    /// Train each with so many seeds of initial weights and order, and compare the means
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = numbers::whole::<u64>(1, 1000), allow_negative_numbers = true)]
    pub(crate) seeds: u64,
    #[command(flatten)]
    pub(crate) written: Written,
    /// Number of threads; the result is always the same [default: one per core]
    #[arg(long, value_name = "N", value_parser = numbers::whole::<u16>(1, 1024), allow_negative_numbers = true)]
    pub(crate) threads: Option<u16>,
    /// Print the result as one JSON object
    #[arg(long)]
    pub(crate) json: bool,
    /// Show no progress
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// The most values of one setting.
const MOST: usize = 1000;

/// Learning rates.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rates(pub(crate) Vec<f64>);

impl Rates {
    fn parse(text: &str) -> Result<Self, String> {
        let expected = || {
            "expected numbers above 0, such as 0.1,0.001,1e-6, or a range with a count, such as \
             1e-6..1e0/13"
                .to_owned()
        };
        let above_zero = |rates: &Vec<f64>| rates.iter().all(|&rate| positive(rate));
        let rates = match range(text)? {
            Some(rates) => Some(rates),
            None => text.split(',').map(|rate| rate.trim().parse().ok()).collect(),
        };
        rates.filter(above_zero).map(Self).ok_or_else(expected)
    }
}

/// A setting and its values, as text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Over {
    pub(crate) key: String,
    pub(crate) values: Vec<String>,
}

impl Over {
    fn parse(text: &str) -> Result<Self, String> {
        let example = "expected KEY=VALUES, such as training.batch=16,32,64";
        // A key may have `=` within quotes, which settings that are swept never need.
        let (key, values) = text.split_once('=').ok_or(example)?;
        let values: Vec<String> = match range(values)? {
            Some(values) => values.iter().map(f64::to_string).collect(),
            None => split(values).into_iter().map(|value| value.trim().to_owned()).collect(),
        };
        match key.trim().is_empty() || values.iter().any(String::is_empty) {
            true => Err(example.to_owned()),
            false => Ok(Self { key: key.trim().to_owned(), values }),
        }
    }
}

fn positive(number: f64) -> bool {
    number > 0.0 && number.is_finite()
}

/// The numbers of a range, `a..b/n`; `a..b` alone has its two ends.
fn range(text: &str) -> Result<Option<Vec<f64>>, String> {
    let Some((from, rest)) = text.split_once("..") else { return Ok(None) };
    let (to, count) = rest.split_once('/').unwrap_or((rest, "2"));
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|&number| positive(number));
    let count = count.trim().parse::<usize>().ok().filter(|n| (2..=MOST).contains(n));
    match (number(from), number(to), count) {
        (Some(from), Some(to), Some(count)) if from != to => Ok(Some(log_spaced(from, to, count))),
        _ => Err(format!(
            "expected a range of two numbers above 0 and a count from 2 to {MOST}, such as \
             1e-6..1e0/13"
        )),
    }
}

/// The parts between commas that stand in no brackets and no quotes.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut from, mut parts) = (0usize, None, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::{Over, Rates, split};

    #[test]
    fn values_are_lists_or_ranges() {
        assert_eq!(Rates::parse("0.1, 1e-3").unwrap().0, [0.1, 1e-3]);
        assert_eq!(Rates::parse("1e-4..1e0/3").unwrap().0, [1e-4, 1e-2, 1e0]);
        assert_eq!(Rates::parse("1..10").unwrap().0, [1.0, 10.0]);
        for wrong in ["", "0", "-1", "x", "0.1,", "1..2/1", "1..1/3", "0..1/3", "1../3", "inf"] {
            assert!(Rates::parse(wrong).is_err(), "{wrong}");
        }
        let over = Over::parse("a.b = [1, 2], {x = 1, y = 2}").unwrap();
        assert_eq!(
            (over.key.as_str(), over.values),
            ("a.b", vec!["[1, 2]".into(), "{x = 1, y = 2}".into()])
        );
        assert_eq!(Over::parse("a=1..4/3").unwrap().values, ["1", "2", "4"]);
        assert!(
            Over::parse("a").is_err() && Over::parse("a=").is_err() && Over::parse("=1").is_err()
        );
        assert_eq!(split("'a,b',c"), ["'a,b'", "c"]);
    }
}
