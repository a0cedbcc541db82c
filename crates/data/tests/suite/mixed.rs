//! Rows of numbers and categories: filled, normalised and written out, each feature as it needs.

use tanren_data::{Impute, MinMax, OneHot, Standardize};
use tanren_plugin::{Feature, Field, FieldSpec, Fitted, Normalizer, Plugin, UNKNOWN, Values};

const NO: f64 = f64::NAN;

/// Height, colour, height again.
fn field(values: Vec<f64>) -> Field {
    let colours = ["red", "green", "blue"].map(String::from).to_vec();
    let features = vec![
        Feature::number("height"),
        Feature::category("colour", colours),
        Feature::number("weight"),
    ];
    Field::numbers("inputs", features, values)
}

fn apply(fitted: &dyn Fitted, x: &[f64]) -> Vec<f64> {
    let mut y = Vec::new();
    fitted.apply(&field(Vec::new()).spec, x, &mut y);
    y
}

fn names(spec: &FieldSpec) -> Vec<&str> {
    spec.features.iter().map(|f| f.name.as_str()).collect()
}

#[test]
fn the_median_fills_numbers_and_a_level_fills_categories() {
    let field = field(vec![1.0, 0.0, NO, 3.0, NO, NO, 9.0, 2.0, NO, NO, 1.0, NO, 1e9, 0.0, 1.0]);
    // The median of 1, 3, 9 is 3; of none, 0. Row 4 is not for training.
    let fitted = Impute {}.fit(&field, &[0, 1, 2, 3]).unwrap();
    assert_eq!(apply(&*fitted, &[NO, NO, NO]), [3.0, 3.0, 0.0]);
    assert_eq!(apply(&*fitted, &[5.0, 1.0, 7.0]), [5.0, 1.0, 7.0]);
    let output = fitted.output(&field.spec).unwrap();
    assert_eq!(output.features[1].levels, ["red", "green", "blue", "missing"]);
    // Of an even count, the mean of the middle two.
    let fitted = Impute {}.fit(&field, &[0, 1]).unwrap();
    assert_eq!(apply(&*fitted, &[NO, 0.0, 0.0])[0], 2.0);
    assert!(Impute {}.fit(&Field::classes("c", vec!["a".into()], vec![0]), &[0]).is_err());
}

#[test]
fn a_level_called_missing_stays_another_level() {
    let levels = vec!["missing".to_owned(), "there".to_owned()];
    let field = Field::numbers("x", vec![Feature::category("c", levels)], vec![0.0, NO]);
    let output = Impute {}.fit(&field, &[0, 1]).unwrap().output(&field.spec).unwrap();
    assert_eq!(output.features[0].levels, ["missing", "there", "missing_"]);
}

#[test]
fn categories_are_not_scaled() {
    let field = field(vec![1.0, 0.0, 5.0, 3.0, 2.0, 5.0]);
    let plugins: [Plugin<dyn Normalizer>; 2] =
        [Standardize {}.into(), MinMax { min: -1.0, max: 1.0 }.into()];
    for plugin in plugins {
        let fitted = plugin.fit(&field, &[0, 1]).unwrap();
        assert_eq!(apply(&*fitted, &[1.0, 2.0, 5.0])[..2], [-1.0, 2.0]);
        let mut back = Vec::new();
        assert!(fitted.invert(&field.spec, &[-1.0, 2.0, 0.0], &mut back));
        assert_eq!(back[..2], [1.0, 2.0]);
    }
}

#[test]
fn one_hot_knows_the_levels_of_training_rows() {
    let field = field(vec![1.0, 0.0, 5.0, 3.0, 2.0, 6.0, 4.0, 1.0, 7.0]);
    let fitted = OneHot {}.fit(&field, &[0, 1]).unwrap();
    let output = fitted.output(&field.spec).unwrap();
    assert_eq!(names(&output), ["height", "colour=red", "colour=blue", "weight"]);
    assert_eq!(output.shape.features, 4);
    assert_eq!(apply(&*fitted, &[3.0, 2.0, 6.0]), [3.0, 0.0, 1.0, 6.0]);
    for unknown in [1.0, NO, 7.0, -1.0, 0.5] {
        assert_eq!(apply(&*fitted, &[3.0, unknown, 6.0]), [3.0, 0.0, 0.0, 6.0]);
    }
    // With nothing known, the first level keeps the place of the category.
    let nothing = Field { values: Values::Double(vec![1.0, NO, 5.0]), ..field.clone() };
    let output = OneHot {}.fit(&nothing, &[0]).unwrap().output(&field.spec).unwrap();
    assert_eq!(names(&output), ["height", "colour=red", "weight"]);
}

/// What is missing gets its level, what nobody knows gets none.
#[test]
fn missing_and_unknown_stay_apart() {
    let field = field(vec![1.0, 0.0, 5.0, 3.0, NO, 6.0, 4.0, 1.0, 7.0]);
    let imputed = Impute {}.fit(&field, &[0, 1, 2]).unwrap();
    let filled = apply(&*imputed, &[1.0, UNKNOWN, 5.0]);
    assert_eq!(filled, [1.0, UNKNOWN, 5.0]);
    let whole: Vec<f64> = (0..3)
        .flat_map(|row| {
            let mut column = Vec::new();
            field.read(row, &mut column);
            apply(&*imputed, &column)
        })
        .collect();
    let spec = imputed.output(&field.spec).unwrap();
    let after = Field { spec, values: Values::Double(whole), offsets: None };
    let hot = OneHot {}.fit(&after, &[0, 1, 2]).unwrap();
    let names_after = hot.output(&after.spec).unwrap();
    assert_eq!(names(&names_after)[1..4], ["colour=red", "colour=green", "colour=missing"]);
    assert_eq!(apply(&*hot, &filled)[1..4], [0.0, 0.0, 0.0]);
    assert_eq!(apply(&*hot, &apply(&*imputed, &[1.0, NO, 5.0]))[1..4], [0.0, 0.0, 1.0]);
}
