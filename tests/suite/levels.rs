//! Levels of a category that are given to a `Predictor` by name or by value.

use crate::predictor::of_ports;
use tanren::network::{Prediction, Value};
use tanren::plugin::{Feature, Field, UNKNOWN};
use tanren::prelude::*;

/// A model of one category, which it takes for the place of its level.
fn of_category(levels: &[&str]) -> Predictor {
    let levels = levels.iter().map(|level| (*level).to_owned()).collect();
    let input = Field::numbers("input", vec![Feature::category("c", levels)], vec![0.0]);
    let target = Field::numbers("y", vec![Feature::number("y")], vec![1.0]);
    let network = NetworkSpec::chain([Dense::new(1).into()]).loss(Mse {});
    of_ports(&[input], &[target], network)
}

#[test]
fn levels_and_words_for_what_is_missing_are_found_as_in_files() {
    let at = |levels: &[&str], value: Value<'_>, place: f64| {
        let mut predictor = of_category(levels);
        let say = |row: Result<Prediction<'_>, _>| row.map(|row| row.values().to_vec());
        let expected = say(predictor.numbers(&[place])).map_err(|error| error.to_string());
        let found = say(predictor.row(&[("c", value)])).map_err(|error| error.to_string());
        assert_eq!(found, expected, "{value:?}");
    };
    let levels = ["2.0", "red", "007", "-0"];
    for (value, place) in
        [(2.0.into(), 0.0), ("2".into(), 0.0), (" 2.00".into(), 0.0), (7.into(), 2.0)]
    {
        at(&levels, value, place);
    }
    at(&levels, 0.0.into(), 3.0);
    at(&levels, "Red".into(), UNKNOWN);
    at(&levels, 3.into(), UNKNOWN);
    // By name before by value.
    at(&["1", "1.0"], "1.0".into(), 1.0);
    at(&["1.0", "1"], 1.into(), 1.0);
    for word in ["", " ", "?", "NA", "na", "NaN", "n/a", "#N/A", "<NA>", "null"] {
        at(&["a", "b"], word.into(), f64::NAN);
    }
    at(&["NA", "SA"], "NA".into(), 0.0); // North America
    at(&["a", "b"], "none".into(), UNKNOWN);
}
