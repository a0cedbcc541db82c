//! Times: in which notations they are read, and what is said where they may be none.

use super::written::{column, x};
use super::{inputs, names, open, open_with};

#[test]
fn times_become_places_in_time_and_in_cycles() {
    let days = |cells: &[&str]| x(&open(column(cells)));
    assert_eq!(days(&["1970-01-02", "1970-02-01", "1971-01-01"]), Some(vec![1.0, 31.0, 365.0]));
    assert_eq!(days(&["1/31/1970", "2/1/1970", "1/2/1970"]), Some(vec![30.0, 31.0, 1.0]));
    assert_eq!(days(&["31.01.1970", "01.02.1970", "02.01.1970"]), Some(vec![30.0, 31.0, 1.0]));
    assert_eq!(days(&["2 Jan 1970", "3 Jan 1970", "1 Feb 1970"]), Some(vec![1.0, 2.0, 31.0]));
    assert_eq!(days(&["19700102", "19700201", "19710101"]), Some(vec![1.0, 31.0, 365.0]));
    assert_eq!(days(&["1970-02", "1970-01", "1971-01"]), Some(vec![31.0, 0.0, 365.0]));
    assert_eq!(days(&["06:00", "18:00", "12:00"]), Some(vec![0.25, 0.75, 0.5]));
    assert_eq!(days(&["1970-W02", "1970-W03", "1971-W01"]), Some(vec![4.0, 11.0, 368.0]));
    assert_eq!(days(&["1970-W01-5", "1970-W03-1", "1970-W02-7"]), Some(vec![1.0, 11.0, 10.0]));
    let stamps = ["19700102060000", "19700201120000", "19710101000000"];
    assert_eq!(days(&stamps), Some(vec![1.25, 31.5, 365.0]));

    let hourly = (0..200).map(|i| format!("2024-05-{:02} {:02}:00", 1 + i / 24, i % 24));
    let table = open(column(hourly));
    let cycles = ["x:year-sin", "x:year-cos", "x:week-sin", "x:week-cos", "x:day-sin", "x:day-cos"];
    assert_eq!(names(&table), [&["x"][..], &cycles, &["n"]].concat());
    let said = "column x: its place in the year and week and day is an input, too";
    assert_eq!(table.notes[1], said);
    // Cycles that stand still are left out, and of months the day of the week.
    let months = (0..60).map(|i| format!("{}-{:02}", 2013 + i / 12, 1 + i % 12));
    let table = open(column(months));
    assert_eq!(names(&table), ["x", "x:year-sin", "x:year-cos", "n"]);
    let said = "column x: read as times written like 2024-12 (`formats.x = \"…\"` says otherwise)";
    assert_eq!(table.notes[0], said);
    let ambiguous = open(column(["01/02/2024", "02/03/2024", "05/06/2024"]));
    assert!(ambiguous.notes[0].contains("year, month and day might stand in another order"));
    // A time of day has no place in the year.
    let clock = open(column((0..48).map(|i| format!("{:02}:{:02}", i / 2, i % 2 * 30))));
    assert_eq!(names(&clock), ["x", "x:day-sin", "x:day-cos", "n"]);
}

#[test]
fn dates_in_different_orders_are_said() {
    let cell = |i: usize| match i % 2 {
        0 => format!("{}/02/2024", 13 + i % 8),
        _ => format!("02/{}/2024", 13 + i % 8),
    };
    let said = "its dates are written in different orders, such as \"13/02/2024\" and \"02/14/2024\"; \
                `formats.x = \"31.12.2024\"` reads those like \"13/02/2024\", and the others are missing then";
    let few = open(column((0..60).map(cell)));
    assert_eq!(few.notes, [format!("column x: read as a category, because {said}")]);
    let many = |csv: tanren_data::Csv| csv.max_levels(3);
    let table = open_with(column((0..60).map(cell)), many).unwrap();
    assert_eq!(table.notes, [format!("column x left out: {said}")]);
    let day_first = |csv: tanren_data::Csv| csv.format("x", "31.12.2024".parse().unwrap());
    let table = open_with(column((0..60).map(cell)), day_first).unwrap();
    assert_eq!(x(&table).unwrap()[..2], [19_766.0, -9.0]);
    // By month alone, the target.
    let rows = (0..60).map(|i| format!("{}.5\t{}\n", i % 7, cell(i)));
    let content = "a\ty\n".to_owned() + &rows.collect::<String>();
    let said = format!("target y: taken for classes, because {}", said.replace(".x", ".y"));
    assert!(open_with(content, |csv| csv.target("y")).unwrap().notes.contains(&said));
}

#[test]
fn times_of_day_among_dates_are_said() {
    for first in 0..2 {
        let cell = |i: usize| match (i + first) % 2 {
            0 => format!("2024-01-{:02}", 1 + i % 28),
            _ => format!("12:{:02}", i % 60),
        };
        let table = open_with(column((0..60).map(cell)), |csv| csv.max_levels(100)).unwrap();
        let (date, clock) = (cell(first), cell(1 - first));
        let said = format!(
            "column x: read as a category, because some of its cells are dates, such as {date:?}, and \
             others times of day, such as {clock:?}; `formats.x = \"2024-12-31\"` reads those like \
             {date:?}, and the others are missing then"
        );
        assert_eq!(table.notes, [said]);
    }
}

#[test]
fn numbers_are_times_where_their_name_says_so() {
    let column = |name: &str| {
        let row = |i: u64| format!("{},{}.5\n", 1_600_000_000 + i * 3600 * 7, i % 7);
        format!("{name},n\n") + &(0..60).map(row).collect::<String>()
    };
    let table = open(column("timestamp"));
    assert!((inputs(&table)[0] - 1.6e9 / 86400.0).abs() < 1e-9);
    assert!(names(&table).contains(&"timestamp:day-sin"));
    assert_eq!(names(&open(column("serial"))), ["serial", "n"]);
    // With a fraction of a second.
    let column = |name: &str| {
        let row =
            |i: u64| format!("{}.{},{}.5\n", 1_600_000_000 + i * 3600 * 7, 5 * (i % 2), i % 7);
        format!("{name},n\n") + &(0..60).map(row).collect::<String>()
    };
    let table = open(column("timestamp"));
    assert!((inputs(&table)[names(&table).len()] - (1.6e9 + 25_200.5) / 86400.0).abs() < 1e-9);
    assert!(table.notes[0].contains("read as times written like seconds"), "{:?}", table.notes);
    assert_eq!(names(&open(column("serial"))), ["serial", "n"]);
}

#[test]
fn times_that_stand_far_from_all_others_are_said() {
    let column = |odd: &'static str| {
        column((0..60).map(|i| match i % 20 {
            7 => odd.to_owned(),
            _ => format!("2024-0{}-{:02}", 1 + i % 3, 1 + i % 28),
        }))
    };
    for odd in ["0001-01-01", "9999-12-31", "1900-01-01"] {
        let said = format!(
            "column x: 3 of 60 times are {odd}, far from all others; if they stand for a missing value, add \
             this to `missing` as it is written"
        );
        let notes = open(column(odd)).notes;
        assert!(notes.contains(&said), "{notes:?}");
        let table = open_with(column(odd), |csv| csv.missing(["", odd])).unwrap();
        assert_eq!(x(&table).unwrap()[7], -9.0);
        assert!(!table.notes.join("; ").contains("far from"), "{:?}", table.notes);
    }
    let both = (0..60).map(|i| match i % 20 {
        7 => "0001-01-01".to_owned(),
        8 if i < 20 => "9999-12-31".to_owned(),
        _ => format!("2024-0{}-{:02}", 1 + i % 3, 1 + i % 28),
    });
    let said = "column x: 3 of 60 times are 0001-01-01 and 1 is 9999-12-31, far from all others; if they \
                stand for a missing value, add these to `missing` as they are written";
    let notes = open(self::column(both)).notes;
    assert!(notes.iter().any(|note| note == said), "{notes:?}");
    assert!(!open(column("2023-12-31")).notes.join("; ").contains("far from"));
}
