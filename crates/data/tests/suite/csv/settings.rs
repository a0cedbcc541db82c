//! Settings, as recipes write them.

use std::path::Path;
use tanren_data::{Csv, Encoding, Task};
use tanren_plugin::{Checked as _, Plugin, Source};

fn read(recipe: &str) -> Csv {
    toml::from_str(recipe).unwrap()
}

#[test]
fn a_path_is_enough() {
    let csv = read("path = \"a.csv\"");
    assert_eq!(csv, Csv::new("a.csv"));
    assert_eq!(csv.missing, ["", "?", "NA", "nan", "n/a", "#N/A", "<NA>", "null", "\\N"]);
    assert_eq!(csv.max_levels, 50);
}

#[test]
fn all_settings_survive() {
    let csv = Csv::new("a.csv")
        .target("y")
        .header(true)
        .delimiter('\t')
        .task(Task::Regression)
        .missing(["-"])
        .categories(["a"])
        .numbers(["b"])
        .format("d", "1.234,5 €".parse().unwrap())
        .format("e", "31.12.2024".parse().unwrap())
        .ignore(["c", "-1"])
        .beside(["g"])
        .weights("w")
        .max_levels(7);
    let more = (Some(3), Some('%'), Some(Encoding::Latin1));
    let csv = Csv { skip: more.0, comment: more.1, encoding: more.2, ..csv };
    for csv in [csv, Csv::new("b"), Csv::new("c").targets(["y", "z, 2", "-1"])] {
        assert_eq!(read(&toml::to_string(&csv).unwrap()), csv);
        let text = serde_json::to_string(&csv).unwrap();
        assert_eq!(serde_json::from_str::<Csv>(&text).unwrap(), csv);
    }
}

#[test]
fn positions_may_be_numbers() {
    let csv = read("path = \"a\"\ntarget = -1\nignore = [0, \"x\", -2]\ntask = \"classification\"");
    let expected = Csv::new("a").target("-1").ignore(["0", "x", "-2"]).task(Task::Classification);
    assert_eq!(csv, expected);
    let recipe = r#"{"type": "csv", "path": "a", "target": 3, "max-levels": 5}"#;
    let source: Plugin<dyn Source> = serde_json::from_str(recipe).unwrap();
    let expected = Csv::new("a").target("3").max_levels(5);
    assert_eq!(format!("{source:?}"), format!("{expected:?}"));
    assert_eq!(Path::new("a"), expected.path);
}

#[test]
fn settings_out_of_range() {
    let said =
        "delimiter: expected a single ASCII character such as a comma, a tab or a blank, found ";
    for bad in ['"', 'a', '\n', '.', '\0', 'é'] {
        let error = Csv::new("a").delimiter(bad).check().unwrap_err();
        assert_eq!(error.to_string(), format!("{said}{bad:?}"));
        assert!(Csv::new("a").delimiter(bad).open().is_err());
    }
    for good in [',', ';', '\t', ' ', '|', ':'] {
        assert_eq!(Csv::new("a").delimiter(good).check(), Ok(()));
    }
    let error = Csv::new("").check().unwrap_err();
    assert_eq!(error.to_string(), "path: expected the path of a file, found nothing");
    let error = Csv::new("a").max_levels(0).check().unwrap_err();
    assert_eq!(error.to_string(), "max-levels: expected at least 1, found 0");
}

#[test]
fn settings_that_do_not_exist() {
    let error = toml::from_str::<Csv>("path = \"a\"\ntarge = 1").unwrap_err().to_string();
    assert!(error.contains("unknown field `targe`"), "{error}");
}
