//! What a number is.

use super::{error, inputs, numbers, open, open_with};
use proptest::prelude::*;

#[test]
fn infinite_numbers_are_refused() {
    for bad in ["inf", "-Infinity", "1e999"] {
        let said = format!(
            "line 3, row 1, column x: expected a finite number, found \"{bad}\"; if it stands for a missing \
             value, add it to `missing`"
        );
        let content = format!("x,n\n1,1\n{bad},2\n");
        assert_eq!(error(&content), said);
        let table = open_with(content, |csv| csv.missing(["", bad])).unwrap();
        assert_eq!(inputs(&table), [1.0, 1.0, -9.0, 2.0]);
    }
    let table = open("inf,1\nred,1\n"); // among text it is text
    assert_eq!(table.inputs[0].spec.features[0].levels, ["inf", "red"]);
}

#[test]
fn signs_and_exponents() {
    assert_eq!(inputs(&open("+1\n-.5e1\n2.\n")), [1.0, -5.0, 2.0]);
}

#[test]
fn decimal_commas() {
    let table = open("a;b;c\n-1,5;1;x\n12;2.5;y\n");
    assert_eq!(inputs(&table), [-1.5, 1.0, 0.0, 12.0, 2.5, 1.0]);
    assert_eq!(table.notes, ["column a: read as numbers written like 1234,5"]);
    let mixed = open("a;b\n1,5;1\n2.5;1\n"); // a point: then the comma is no decimal mark
    assert_eq!(mixed.inputs[0].spec.features[0].levels, ["1,5", "2.5"]);
    let target = |csv: tanren_data::Csv| csv.target("a");
    let table = super::open_with("a;b\n1,5;1\n2,5;1\n", target).unwrap();
    assert_eq!(numbers(&table.targets[0]), [1.5, 2.5]);
}

proptest! {
    #[test]
    fn numbers_are_what_rust_parses(cells in prop::collection::vec(number(), 1..20)) {
        let table = open(cells.join("\n"));
        let expected: Vec<u64> =
            cells.iter().map(|cell| cell.parse::<f64>().unwrap().to_bits()).collect();
        let found: Vec<u64> = numbers(&table.inputs[0]).iter().map(|x| x.to_bits()).collect();
        prop_assert_eq!(found, expected);
    }
}

fn number() -> impl Strategy<Value = String> {
    let finite = any::<f64>().prop_filter("finite", |x| x.is_finite());
    prop_oneof![
        finite.prop_map(|x| format!("{x:e}")),
        "[+-]?[0-9]{1,20}\\.[0-9]{0,20}",
        "[+-]?\\.?[0-9]{1,9}(e-?[0-9]{1,2})?",
    ]
}
