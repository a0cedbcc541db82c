//! Forecasts a year of monthly numbers: passengers of airlines, by an LSTM that sees the year before.
//!
//! Source: G. E. P. Box, G. M. Jenkins, *Time series analysis: forecasting and control* (1976), series G.
//!
//! `cargo run --release --example forecast`
//!
//! Three times, from the end of 1957, 1958 and 1959, it trains on what is known by then and forecasts the next
//! twelve months, with five seeds. It prints the mean absolute error (MAE), in thousands of passengers,
//! beside those of two simple rules: persistence, that all stays as it is, and the seasonal naive
//! forecast, that each month is as it was a year before.
//!
//! ```text
//!      1958, test: MAE 35.0, persistence 52.3, seasonal naive 12.6; 2.78 of the latter
//!      1959, test: MAE 15.8, persistence 91.3, seasonal naive 47.3; 0.33 of the latter
//!      1960, test: MAE 16.3, persistence 76.0, seasonal naive 47.8; 0.34 of the latter
//! all three, test: MAE 22.4, persistence 73.2, seasonal naive 35.9; 0.62 of the latter
//! ```
//!
//! In 1958 the numbers grew less than in any year before, so that the seasonal naive forecast, which expects no
//! growth, is far better than a network that has learnt from those years. Over all three years the network is
//! better.

use serde::{Deserialize, Serialize};
use std::io::Write as _;
use tanren::data::{Relative, Windows};
use tanren::plugin::{Checked, DataError, Feature, Field, Source, Table, typetag};
use tanren::prelude::*;
use tanren::updaters::ClipNorm;

/// Thousands of passengers on international flights in each month, from January 1949 on; a line is a year.
#[rustfmt::skip]
const PASSENGERS: [u16; 144] = [
    112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118,
    115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140,
    145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166,
    171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194,
    196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201,
    204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229,
    242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278,
    284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306,
    315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336,
    340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337,
    360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405,
    417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432,
];
const YEAR: usize = 12;
const SEEDS: u64 = 5;

/// The series of the passengers, or its beginning.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
struct Passengers {
    /// How many months it has.
    months: usize,
}

#[typetag::serde(name = "passengers")]
impl Source for Passengers {
    fn open(&self) -> Result<Table, DataError> {
        let numbers: Vec<f64> =
            PASSENGERS.iter().take(self.months).copied().map(f64::from).collect();
        let (name, rows) = ("passengers of airlines".into(), numbers.len());
        let target = Field::numbers("passengers", vec![Feature::number("passengers")], numbers);
        Ok(Table { name, rows, targets: vec![target], ..Table::default() })
    }
}

/// The last year of so many months is for testing.
fn recipe(months: usize) -> Result<Recipe, DataError> {
    // Inputs and targets are logarithms: changes are relative. A target is the change from the year before.
    let windows = Windows {
        horizon: YEAR,
        log: true,
        difference: vec![1, YEAR],
        relative: Relative::Season,
        period: Some(YEAR),
        ..Windows::new(Passengers { months }, YEAR)
    };
    // One window is for testing, and those whose targets reach into its year are left out.
    let test = 1.0 / windows.open()?.rows as f64;
    let data = DataSpec::new(windows, TimeSplit { test, ..TimeSplit::default() })
        .normalize(Standardize {})
        .normalize_targets(Standardize {});
    let layers = [Lstm::new(16).into(), LastStep {}.into(), Dense::new(YEAR).into()];
    let network = NetworkSpec::chain(layers).loss(Mse {}).penalty(L2 { strength: 1e-3.into() });
    let training = TrainingSpec::new(LearningRate::constant(0.01))
        .updater(ClipNorm::default())
        .updater(Adam::default())
        .batch(16)
        .epochs(100);
    Ok(Recipe::new(data, network, training))
}

/// The errors of one year: of the network, of persistence and of the seasonal naive forecast.
fn errors(months: usize) -> Result<[f64; 3], Box<dyn std::error::Error>> {
    let mae = |scores: Option<&Scores>| scores.and_then(|s| s.get("mae")).unwrap_or(f64::NAN);
    let recipe = recipe(months)?;
    let mut errors = [0.0; 3];
    for seed in 1..=SEEDS {
        let trained = recipe.clone().seed(seed).prepare()?.train(&mut (), &Options::default())?;
        let rules = &trained.baseline.references;
        let rule =
            |name| mae(rules.iter().find(|(rule, _)| rule == name).map(|(_, scores)| scores));
        let all = [mae(trained.test.as_ref()), rule("persistence"), rule("seasonal naive")];
        errors.iter_mut().zip(all).for_each(|(sum, error)| *sum += error / SEEDS as f64);
    }
    Ok(errors)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout();
    let mut line = |year: &str, [network, persistence, seasonal]: [f64; 3]| {
        let ratio = network / seasonal;
        writeln!(
            out,
            "{year:>9}, test: MAE {network:.1}, persistence {persistence:.1}, seasonal naive {seasonal:.1}; \
             {ratio:.2} of the latter"
        )
    };
    let mut mean = [0.0; 3];
    for year in [1958, 1959, 1960] {
        let errors = errors(YEAR * (year - 1948))?;
        line(&year.to_string(), errors)?;
        mean.iter_mut().zip(errors).for_each(|(mean, error)| *mean += error / 3.0);
    }
    line("all three", mean)?;
    Ok(())
}
