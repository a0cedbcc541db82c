//! Windows over time series: the same numbers as pandas, forecasts, and splits without leaks.

use crate::files::{Folder, features, numbers, schema};
use serde_json::Value;
use std::fmt::Write as _;
use tanren_data::{Csv, GivenSplit, RandomSplit, Relative, TimeSplit, TrainTest, Windows};
use tanren_plugin::{DataError, Part, Plugin, Schema, Source, Split, Table};
use tanren_tensor::Stream;

fn stream() -> Stream {
    Stream::new(1, "split")
}

/// Windows over a file with the columns `t` and `y`, of which `t` is the time.
pub(crate) fn over(folder: &Folder, text: &str, length: usize) -> Windows {
    let csv = Csv { beside: vec!["t".into()], ..Csv::new(folder.write("s.csv", text)).target("y") };
    Windows { order: Some("t".into()), ..Windows::new(csv, length) }
}

/// A series of squares, from time 0 on.
pub(crate) fn squares(count: usize) -> String {
    (0..count).fold("t,y\n".into(), |mut text, t| {
        writeln!(text, "{t},{}.5", t * t).unwrap();
        text
    })
}

fn close(got: &[f64], want: &Value, what: &str) {
    let want: Vec<f64> = serde_json::from_value(want.clone()).unwrap();
    assert_eq!(got.len(), want.len(), "{what}");
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() <= 1e-11 * (1.0 + want.abs()), "{what}: {got}, expected {want}");
    }
}

#[test]
fn windows_have_the_numbers_of_pandas() {
    let text = include_str!("../../../../tests/reference/windows.json");
    let reference: Value = serde_json::from_str(text).unwrap();
    for (name, targets) in [("one", vec!["y"]), ("several", vec!["y", "n"])] {
        let folder = Folder::new();
        let path = folder.write("s.csv", reference[name]["csv"].as_str().unwrap());
        let several = name == "several";
        let target = targets.iter().map(ToString::to_string).collect();
        let mut beside = vec!["day".to_owned()];
        beside.extend(several.then(|| "shop".into()));
        let csv = Csv { target, beside, ..Csv::new(path) };
        for case in reference[name]["cases"].as_array().unwrap() {
            let number = |key: &str| case[key].as_u64().map(|n| n as usize);
            let source = Windows {
                horizon: number("horizon").unwrap(),
                gap: number("gap").unwrap_or(0),
                stride: number("stride").unwrap_or(1),
                order: Some("day".into()),
                series: several.then(|| "shop".into()),
                log: case["log"] == true,
                difference: serde_json::from_value(case["difference"].clone()).unwrap_or_default(),
                relative: serde_json::from_value(case["relative"].clone()).unwrap_or_default(),
                period: number("period"),
                seasons: number("seasons").unwrap_or(1),
                scale: case["scale"] == true,
                ..Windows::new(csv.clone(), number("length").unwrap())
            };
            let table = source.open().unwrap();
            table.check().unwrap();
            let rows: Vec<usize> = serde_json::from_value(case["rows"].clone()).unwrap();
            assert_eq!(table.numbers, Some(rows));
            close(&numbers(&table.inputs[0]), &case["inputs"], "inputs");
            close(&numbers(&table.targets[0]), &case["targets"], "targets");
            close(&table.references[0].values, &case["last"], "persistence");
            if case["seasonal"].is_array() {
                close(&table.references[1].values, &case["seasonal"], "seasonal naive");
            }
            if let [_, _, mean] = &table.references[..] {
                assert_eq!(mean.name, "mean of 4 seasons");
                let own = |shift: f64| if source.log { shift.exp() } else { shift };
                let shifts = case["shifts"].as_array().unwrap().iter();
                let own: Vec<f64> = shifts.map(|shift| own(shift.as_f64().unwrap())).collect();
                close(&mean.values, &own.into(), &mean.name);
            }
            let framed = source.log || source.scale || source.relative != Relative::None;
            assert_eq!(table.frames.len(), usize::from(framed));
            for frame in table.frames.iter().flatten() {
                close(&frame.shift, &case["shifts"], "shift");
                close(&frame.scale, &case["scales"], "scale");
                assert_eq!(frame.exponential, source.log);
            }
            assert_eq!(source.open_for(&schema(&table, true)).unwrap(), table);

            let forecast = source.open_for(&schema(&table, false)).unwrap();
            forecast.check().unwrap();
            let rows: Vec<usize> = serde_json::from_value(case["last_rows"].clone()).unwrap();
            assert_eq!(forecast.numbers, Some(rows));
            assert!(forecast.targets.is_empty() && forecast.spans.is_none());
            assert_eq!(forecast.inputs[0].spec, table.inputs[0].spec);
            close(&numbers(&forecast.inputs[0]), &case["last_inputs"], "inputs of the forecast");
            for frame in forecast.frames.iter().flatten() {
                close(&frame.shift, &case["last_shift"], "shift of the forecast");
            }
        }
    }
}

/// The way back from the numbers of the target is that of the frame.
#[test]
fn frames_give_the_values_back() {
    let folder = Folder::new();
    for relative in [Relative::None, Relative::Last, Relative::Season] {
        for (log, scale) in [(false, true), (true, false), (true, true)] {
            let source = Windows {
                horizon: 4,
                period: Some(3),
                relative,
                log,
                scale,
                ..over(&folder, &squares(12), 3)
            };
            let table = source.open().unwrap();
            let frame = table.frames[0].clone().unwrap();
            for row in 0..table.rows {
                let mut own = numbers(&table.targets[0])[4 * row..4 * row + 4].to_vec();
                frame.to_own_units((row, table.rows), &mut own);
                for (k, own) in own.iter().enumerate() {
                    let value = ((table.number(row) + 1 + k).pow(2)) as f64 + 0.5;
                    assert!((own - value).abs() < 1e-10, "{own}, expected {value}");
                }
            }
        }
    }
    // A window that is the same at all steps has no deviation to divide by.
    let same = "t,y\n0,0.1\n1,0.1\n2,0.1\n3,5\n";
    let table = Windows { scale: true, ..over(&folder, same, 3) }.open().unwrap();
    assert_eq!(numbers(&table.inputs[0]), [0.0; 3]);
    assert_eq!(numbers(&table.targets[0]), [4.9]);
}

#[test]
fn fields_are_named() {
    let folder = Folder::new();
    let path =
        folder.write("s.csv", "day,rain,a,b\n1,x,1.5,2.5\n2,y,2.5,3.5\n3,x,0.5,1.5\n4,y,7.5,8.5\n");
    let csv = Csv { target: vec!["a".into(), "b".into()], ..Csv::new(path) };
    let source = Windows {
        horizon: 2,
        difference: vec![1],
        order: Some("day".into()),
        ..Windows::new(csv, 1)
    };
    let table = source.open().unwrap();
    assert_eq!((table.name.as_str(), table.rows), ("s", 1));
    assert_eq!(features(&table.inputs[0]), ["a", "b", "a diff 1", "b diff 1", "day", "rain"]);
    assert_eq!(numbers(&table.inputs[0]), [2.5, 3.5, 1.0, 1.0, 2.0, 1.0]);
    assert_eq!(table.inputs[0].spec.features[5].levels, ["x", "y"]);
    assert_eq!(table.targets[0].spec.name, "a, b");
    assert_eq!(features(&table.targets[0]), ["a+1", "a+2", "b+1", "b+2"]);
    assert_eq!(table.beside[0].spec.name, "origin");
    assert_eq!(numbers(&table.beside[0]), [2.0]);
    // Without another column, a series is foretold from its past alone.
    let alone = Windows::new(Csv::new(folder.write("y.csv", "y\n1.5\n2.5\n3.5\n")).target("y"), 2);
    let table = alone.open().unwrap();
    assert_eq!(features(&table.inputs[0]), ["y"]);
    assert_eq!(table.targets[0].spec.name, "y+1");
    let forecast = alone.open_for(&schema(&table, false)).unwrap();
    assert_eq!(numbers(&forecast.inputs[0]), [2.5, 3.5]);
}

/// Predictions say from when they are, if the model is asked for what rows are known by.
#[test]
fn forecasts_know_their_time() {
    let folder = Folder::new();
    let text = "when,shop,y\n2024-01-01,N,1.5\n2024-01-01,S,4.5\n2024-01-02,N,2.5\n2024-01-02,S,5.5\n\
                2024-01-03,N,3.5\n2024-01-03,S,6.5\n";
    let csv = Csv {
        beside: vec!["when".into(), "shop".into()],
        ..Csv::new(folder.write("s.csv", text)).target("y")
    };
    let source =
        Windows { order: Some("when".into()), series: Some("shop".into()), ..Windows::new(csv, 2) };
    let table = source.open().unwrap();
    let asked = Schema { ids: Some(Vec::new()), ..schema(&table, false) };
    let forecast = source.open_for(&asked).unwrap();
    let ids: Vec<_> =
        forecast.ids.iter().map(|ids| (ids.name.as_str(), ids.texts.clone())).collect();
    let texts = |texts: [&str; 2]| texts.map(String::from).to_vec();
    assert_eq!(ids, [("when", texts(["2024-01-03"; 2])), ("shop", texts(["N", "S"]))]);
    assert_eq!(numbers(&forecast.inputs[0]), [2.5, 3.5, 5.5, 6.5]);
    assert_eq!(source.line(None, 3), Some(5));
}

/// The last row that trains knows nothing of what is to be foretold later.
fn leaks(table: &Table, parts: &[Option<Part>]) -> bool {
    let spans = table.spans.as_ref().unwrap();
    let of = |part| (0..table.rows).filter(move |&row| parts[row] == Some(part));
    let later = [
        (Part::Train, Part::Validation),
        (Part::Train, Part::Test),
        (Part::Validation, Part::Test),
    ];
    later.into_iter().any(|(before, after)| {
        of(before).any(|row| of(after).any(|later| spans[row].end > spans[later].origin))
    })
}

#[test]
fn a_split_by_time_leaves_no_leak() {
    let folder = Folder::new();
    let source = Windows { horizon: 5, ..over(&folder, &squares(60), 4) };
    let table = source.open().unwrap();
    let split = TimeSplit { test: 0.25, validation: 0.25, ..TimeSplit::default() };
    for column in [None, Some("origin".to_owned()), Some("t".into())] {
        let split = TimeSplit { column, ..split.clone() };
        let parts = split.parts(&table, stream()).unwrap();
        assert!(!leaks(&table, &parts));
        // Of 52 windows, 13 test; 4 before them look into them. Of 35, 9 validate, and so on.
        let count = |part| parts.iter().filter(|found| **found == part).count();
        let parts = [Some(Part::Train), Some(Part::Validation), Some(Part::Test), None].map(count);
        assert_eq!(parts, [22, 9, 13, 8]);
        assert!(split.split(&table, stream()).unwrap_err().to_string().contains("leaves rows out"));
        for fold in split.folds(&table, 3, stream()).unwrap() {
            assert!(!leaks(&table, &fold));
        }
    }
    let wide = TimeSplit { gap: 6, ..split.clone() }.parts(&table, stream()).unwrap();
    assert_eq!(wide.iter().filter(|part| part.is_none()).count(), 12);
    let none = TimeSplit { gap: 50, ..split }.parts(&table, stream()).unwrap_err().to_string();
    assert!(none.starts_with("s: the split by time leaves no rows before a limit"), "{none}");

    let random = RandomSplit::default();
    let refused = "the rows are windows over time, which overlap";
    assert!(random.split(&table, stream()).unwrap_err().to_string().contains(refused));
    assert!(random.folds(&table, 3, stream()).unwrap_err().to_string().contains(refused));
    let both = TrainTest::new(source.clone(), source).open().unwrap();
    assert_eq!(both.spans.as_ref().map(Vec::len), Some(104));
    let given = |validation| GivenSplit { validation }.split(&both, stream());
    assert!(given(0.1).unwrap_err().to_string().contains(refused) && given(0.0).is_ok());
}

#[test]
fn notes_tell_of_what_is_unequal_or_short() {
    let folder = Folder::new();
    let text = "t,shop,y\n0,N,1.5\n1,N,2.5\n3,N,4.5\n0,S,1.5\n4,N,9.5\n";
    let csv = Csv {
        beside: vec!["t".into(), "shop".into()],
        ..Csv::new(folder.write("s.csv", text)).target("y")
    };
    let source =
        Windows { order: Some("t".into()), series: Some("shop".into()), ..Windows::new(csv, 2) };
    let table = source.open().unwrap();
    assert_eq!(table.rows, 2);
    assert_eq!(
        table.notes,
        [
            "column t: between 1 and 2 (before row 2) lie between two steps; what is done counts steps, whatever lies \
             between them",
            "1 of 2 series left out, with fewer than 3 rows (2 of a window, 1 to forecast): S (1)",
        ]
    );
    // Times are told in units.
    let told = |text: &str| over(&folder, text, 1).open().unwrap().notes.pop().unwrap();
    let days = "t,y\n2024-01-01,1.5\n2024-01-02,2.5\n2024-01-05,3.5\n";
    assert!(told(days).contains("between 1 day and 3 days (before row 2)"), "{}", told(days));
    let hours = "t,y\n2024-01-01 00:00,1.5\n2024-01-01 00:20,2.5\n2024-01-01 01:20,3.5\n";
    assert!(told(hours).contains("between 0.33 hours and 1 hour (before"), "{}", told(hours));
    // Rows at the end without a value are those to foretell.
    let open = over(&folder, "t,y\n0,1.5\n1,2.5\n2,3.5\n3,\n", 2);
    let table = open.open().unwrap();
    let forecast = open.open_for(&schema(&table, false)).unwrap();
    assert_eq!(numbers(&forecast.inputs[0]), [2.5, 3.5]);
}

#[test]
fn other_data_are_read_by_the_same_windows() {
    let folder = Folder::new();
    let source = over(&folder, &squares(9), 3);
    let table = source.open().unwrap();
    let next = folder.write("next.csv", "y,t\n5.5,1\n6.5,2\n7.5,3\n");
    let next = source.at(&next, None).unwrap().unwrap();
    let read = next.open_for(&schema(&table, false)).unwrap();
    assert_eq!((read.rows, numbers(&read.inputs[0])), (1, vec![5.5, 6.5, 7.5]));
    let error: Result<Table, DataError> = next.open_for(&schema(&table, true));
    assert!(error.unwrap_err().to_string().contains("expected at least 4 rows"));
    let other: Plugin<dyn Source> = Csv::new(folder.path("next.csv")).target("y").into();
    let other = schema(&other.open().unwrap(), false);
    assert!(source.open_for(&other).unwrap_err().to_string().contains("which are no windows"));
    let longer = Windows { difference: vec![1, 2], ..source };
    assert!(longer.open_for(&schema(&table, false)).is_err());
}
