//! What is wrong with a series that windows are over, and how series go on beyond their data.

use crate::files::{Folder, numbers, schema};
use crate::windows::{over, squares};
use tanren_data::{Csv, Relative, Text, Windows};
use tanren_plugin::{Checked, DataError, Source, Table};

fn says(source: &Windows, folder: &Folder) -> String {
    let text = folder.error(source.open());
    assert_eq!(folder.error(source.open()), text);
    text
}

#[test]
fn what_is_no_series_is_refused() {
    let folder = Folder::new();
    let error = |text: &str, change: &dyn Fn(&mut Windows)| {
        let mut source = over(&folder, text, 2);
        change(&mut source);
        says(&source, &folder)
    };
    let plain: &dyn Fn(&mut Windows) = &|_| {};
    // Windows that are longer than the series are an error and not no windows.
    assert_eq!(
        error(&squares(7), &|s| (s.horizon, s.gap, s.difference) = (3, 1, vec![2])),
        "s: expected at least 8 rows (2 of a window, 2 before it for `difference` or `period`, 1 of the gap, \
         3 to forecast), found 7"
    );
    assert_eq!(
        error(&squares(7), &|s| s.period = Some(7)),
        "s: expected at least 8 rows (2 of a window, 5 before it for `difference` or `period`, 1 to forecast), \
         found 7"
    );
    assert_eq!(
        error("t,y\n0,1.5\n2,2.5\n2,3.5\n", plain),
        "s, line 4, row 2, column t: expected a later time than in row 1, the step before it, found the same; \
         if these are several series, name the column that tells which one a row is of in `series`"
    );
    // What counts as missing because of its form is told as it stands there.
    let months = (0..60).fold("t,y\n".to_owned(), |text, m| {
        text + &format!("{}-{:02},{m}.5\n", 2000 + m / 12, 1 + m % 12)
    });
    let said = error(&months.replace("2001-05", "2001-13"), plain);
    assert!(said.ends_with("such as \"2001-13\" in line 18)"), "{said}");
    assert_eq!(
        error("t,y\n0,1.5\n2,2.5\n1,3.5\n", plain),
        "s, line 4, row 2, column t: expected a later time than in row 1, the step before it, found an \
         earlier one; sort the rows by t, from the earliest on; if these are several series, name the column \
         that tells which one a row is of in `series`"
    );
    assert_eq!(
        error("t,y\n0,1.5\n1,\n2,2.5\n3,3.5\n", plain),
        "s, line 3, row 1: expected a value of y in every row, since it is a step of the series, found a row \
         without: write one there, such as the mean of its neighbours"
    );
    assert_eq!(
        error("t,y\n0,1.5\n1,0\n2,2.5\n3,3.5\n", &|s| s.log = true),
        "s, line 3, row 1, column y: expected a number above 0, which has a logarithm, found 0"
    );
    assert_eq!(
        error("t,y\n0,a\n1,b\n2,a\n3,b\n", plain),
        "s, column y: expected a target that is a number, found classes; set `task = \"regression\"` for it"
    );
    assert!(
        error(&squares(7), &|s| s.order = Some("day".into()))
            .contains("the source needs the column")
    );
    let text = Text::new(folder.write("x.txt", "a text"));
    assert!(says(&Windows::new(text, 2), &folder).contains("found other inputs"));
    let csv = Csv::new(folder.write("n.csv", "t,y\n1,2\n2,5\n"));
    assert!(says(&Windows::new(csv, 1), &folder).contains("expected at least one target"));

    let wrong = |change: &dyn Fn(&mut Windows)| {
        let mut source = over(&folder, &squares(5), 2);
        change(&mut source);
        source.check().unwrap_err().setting
    };
    assert_eq!(wrong(&|s| s.length = 0), "length");
    assert_eq!(wrong(&|s| s.horizon = 0), "horizon");
    assert_eq!(wrong(&|s| s.stride = 0), "stride");
    assert_eq!(wrong(&|s| s.period = Some(0)), "period");
    assert_eq!(wrong(&|s| s.difference = vec![1, 0]), "difference");
    assert_eq!(wrong(&|s| s.relative = Relative::Season), "period");
    assert_eq!(wrong(&|s| s.seasons = 0), "seasons");
    assert_eq!(wrong(&|s| (s.period, s.seasons) = (Some(2), 2)), "seasons");
}

/// The forecast that the last season comes again, and once more.
fn naive(table: &Table) -> Result<Vec<f64>, DataError> {
    let frame = table.frames[0].as_ref().unwrap();
    let mut zero = vec![0.0; frame.shift.len()];
    let rows = table.rows;
    let width = zero.len() / rows;
    let of_rows = zero.chunks_mut(width).enumerate();
    of_rows.for_each(|(row, zero)| frame.to_own_units((row, rows), zero));
    Ok(zero)
}

#[test]
fn series_go_on_with_what_is_forecast() {
    let folder = Folder::new();
    let rows = "t,shop,y\n0,N,1\n1,N,2\n0,S,10\n2,N,4\n1,S,20\n2,S,40\n3,S,80\n3,N,1.5\n0,E,7\n";
    let of =
        Csv { beside: vec!["t".into(), "shop".into()], ..Csv::new(folder.write("s.csv", rows)) };
    let windows = Windows {
        horizon: 2,
        order: Some("t".into()),
        series: Some("shop".into()),
        period: Some(3),
        relative: Relative::Season,
        log: true,
        ..Windows::new(of.target("y"), 1)
    };
    let of_schema = Windows { horizon: 1, ..windows.clone() };
    let model = schema(&of_schema.open().unwrap(), false);
    // The season of three steps comes again and again, of S before N, which ends later in the file; E is too short.
    let onwards = of_schema.go_on(&model, 7, &mut naive).unwrap();
    let names: Vec<_> = onwards.iter().map(|onwards| onwards.series.as_deref().unwrap()).collect();
    assert_eq!(names, ["S", "N"]);
    for (onwards, season) in onwards.iter().zip([[20.0, 40.0, 80.0], [2.0, 4.0, 1.5]]) {
        let [(name, values)] = &onwards.values[..] else { panic!("one target") };
        assert_eq!((name.as_str(), values.len()), ("y", 7));
        for (step, value) in values.iter().enumerate() {
            assert!((value - season[step % 3]).abs() < 1e-12, "step {step}: {value}");
        }
    }
    // A window that comes next begins with the forecast before.
    let mut seen = Vec::new();
    let mut ones = |table: &Table| {
        seen.extend(numbers(&table.inputs[0]));
        Ok(vec![std::f64::consts::E; table.rows])
    };
    of_schema.go_on(&model, 2, &mut ones).unwrap();
    assert_eq!(seen[2..], [1.0, 1.0]);

    let error = |windows: &Windows, value: f64, many: usize| {
        let mut forecast = |table: &Table| Ok(vec![value; many * table.rows]);
        folder.error(windows.go_on(&model, 3, &mut forecast))
    };
    assert!(
        error(&of_schema, -1.0, 1)
            .ends_with("the forecast of step 1 is -1: nothing goes on from it")
    );
    assert!(error(&of_schema, 1.0, 2).contains("expected 2 values of a forecast, found 4"));
    let gap = Windows { gap: 1, ..of_schema };
    assert!(folder.error(gap.go_on(&model, 3, &mut naive)).contains("found a gap of 1"));
}
