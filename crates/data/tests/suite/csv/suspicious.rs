//! Columns that say nothing or too much, and names that are not what they should be.

use super::{classes, names, open, open_with};
use tanren_plugin::Table;

/// A file of `rows` rows with a column `y` of numbers at the end.
fn file(header: &str, rows: usize, row: impl Fn(usize) -> String) -> Table {
    let line = |i: usize| format!("{},{}\n", row(i), (i * i) % 17 + i % 3);
    let content = format!("{header},y\n") + &(0..rows).map(line).collect::<String>();
    open_with(content, |csv| csv.target("y").task(tanren_data::Task::Regression)).unwrap()
}

#[test]
fn numbers_of_rows_are_left_out() {
    for name in ["Unnamed: 0", "", "id", "no", "x"] {
        let table = file(&format!("{name},a"), 30, |i| format!("{i},{}", (i * 7) % 11));
        assert_eq!(names(&table), ["a"], "{name}: {:?}", table.notes);
        let name = if name.is_empty() { "0" } else { name };
        let said = format!(
            "column {name} left out: it numbers the rows (name it in `numbers` to keep it)"
        );
        assert!(table.notes.contains(&said), "{:?}", table.notes);
    }
    let table = file("customer_id,a", 30, |i| format!("{},{}", (i * 7919) % 1009, (i * 7) % 11));
    assert_eq!(names(&table), ["a"], "{:?}", table.notes);
    // What is no number of a row stays: times, a column alone, what is named.
    for (header, expected) in [("year,a", vec!["year", "a"]), ("x,a", vec!["a"])] {
        let table = file(header, 30, |i| format!("{},{}", i + 1, (i * 7) % 11));
        assert_eq!(names(&table), expected);
    }
    let table = file("x,a", 30, |i| format!("{},{}", i + 1800, (i * 7) % 11));
    assert_eq!(names(&table), ["x", "a"]);
    let alone = file("x", 30, |i| i.to_string());
    assert_eq!(names(&alone), ["x"]);
    assert!(alone.notes[0].starts_with("column x is the only input: it numbers the rows"));
    let content = "id,a,y\n".to_owned()
        + &(0..30).map(|i| format!("{i},{},{}.5\n", (i * 7) % 11, i % 5)).collect::<String>();
    let table = open_with(content, |csv| csv.target("y").numbers(["id"])).unwrap();
    assert_eq!(names(&table), ["id", "a"]);
}

#[test]
fn a_column_that_is_named_by_its_position_stays() {
    let content =
        (0..30).map(|i| format!("{i},{},{}.5\n", (i * 7) % 11, i % 5)).collect::<String>();
    let table = open_with(&content, |csv| csv.target("-1").numbers(["0"])).unwrap();
    assert_eq!(names(&table), ["0", "1"]);
    let content = format!("id,a,y\n{content}");
    let table = open_with(&content, |csv| csv.target("y").numbers(["-3"])).unwrap();
    assert_eq!(names(&table), ["id", "a"]);
}

#[test]
fn row_numbers_that_the_target_follows_stay() {
    let table = |y: fn(usize) -> f64| {
        let rows = (0..40).map(|i| format!("{i},{},{}\n", (i * 7) % 11, y(i)));
        let content = "x,a,y\n".to_owned() + &rows.collect::<String>();
        open_with(content, |csv| csv.target("y")).unwrap()
    };
    let product = table(|i| 0.195 * i as f64);
    assert_eq!(names(&product), ["x", "a"]);
    assert!(product.notes[0].starts_with("column x: the target follows from it"));
    let trend = table(|i| ((i * 7) % 5) as f64 - 0.5 * i as f64);
    assert_eq!(names(&trend), ["x", "a"]);
    let said = "column x: it numbers the rows, but the target rises or falls with it";
    assert!(trend.notes[0].starts_with(said), "{:?}", trend.notes);
    assert_eq!(names(&table(|i| ((i * 7) % 5) as f64 + 0.5)), ["a"]);
}

#[test]
fn a_rare_class_does_not_follow_from_any_column() {
    // 4 of 1000 rows are of the other class: every column says "most" for nearly all rows.
    let rows = |flag: fn(usize) -> bool| {
        let class = |i: usize| if i % 250 == 7 { "odd" } else { "most" };
        let row = |i: usize| format!("{},{},{}\n", (i * 7) % 11, u8::from(flag(i)), class(i));
        "a,flag,y\n".to_owned() + &(0..1000).map(row).collect::<String>()
    };
    let said = |flag| open_with(rows(flag), |csv| csv.target("y")).unwrap().notes;
    let leaks = |notes: &[String]| notes.iter().any(|note| note.starts_with("column flag: the"));
    assert!(!leaks(&said(|i| i % 3 == 0)), "{:?}", said(|i| i % 3 == 0));
    assert!(!leaks(&said(|i| i % 250 == 7 && i > 250)));
    assert!(leaks(&said(|i| i % 250 == 7)));
}

#[test]
fn copies_of_the_target_are_left_out() {
    let y = |i: usize| (i * i) % 17 + i % 3;
    let table = file("copy,a", 30, |i| format!("{},{}", y(i), (i * 7) % 11));
    assert_eq!(names(&table), ["a"]);
    assert_eq!(table.notes[0], "column copy left out: it is a copy of the target");
    let table = file("double,a", 30, |i| format!("{}.5,{}", 2 * y(i), (i * 7) % 11));
    assert_eq!(names(&table), ["double", "a"]);
    let said = "column double: the target follows from it in nearly every row; if it is not known \
                when predictions are made, name it in `ignore`";
    assert_eq!(table.notes, [said]);

    let class = |i: usize| ["no", "yes", "maybe"][(i * i + i / 3) % 3];
    let rows = |of: fn(&str) -> String| {
        let line = |i: usize| format!("{},{},{}\n", (i * 7) % 11, of(class(i)), class(i));
        "a,copy,y\n".to_owned() + &(0..60).map(line).collect::<String>()
    };
    let table = open_with(rows(str::to_owned), |csv| csv.target("y")).unwrap();
    assert_eq!(names(&table), ["a"]);
    let table = open_with(rows(|class| class.len().to_string()), |csv| csv.target("y")).unwrap();
    assert_eq!(names(&table), ["a", "copy"]);
    assert!(table.notes.iter().any(|note| note.starts_with("column copy: the target follows")));
}

#[test]
fn equal_columns_and_rare_classes_are_said() {
    let table = file("a,b,c", 30, |i| {
        let x = (i * 7) % 11;
        format!("{x},{x},{}", x + i % 2)
    });
    assert_eq!(table.notes, ["columns a and b are equal in every row"]);
    let table = file("result,bp", 30, |i| {
        let x = (i * 7) % 11;
        format!("win {},over {}", x % 4, x % 4)
    });
    let said = "columns result and bp correspond in every row: each value of one stands beside one of \
                the other";
    assert_eq!(table.notes, [said]);
    let class = |i: usize| if i == 7 { "odd" } else { ["p", "q"][(i * i / 2) % 2] };
    let rows = (0..40).map(|i| format!("{}.5,{}\n", (i * 7) % 11, class(i)));
    let content = "a,y\n".to_owned() + &rows.collect::<String>();
    let table = open_with(content, |csv| csv.target("y")).unwrap();
    let said = "target y: 1 class has a single row, \"odd\": too few to learn and to test by";
    assert_eq!(table.notes, [said]);
}

#[test]
fn levels_that_are_nearly_the_same_are_said() {
    let cell = |i: usize| ["Yes", "no", "yes", "N o"][i % 4];
    let rows = (0..40).map(|i| format!("{}.5,{},{}\n", (i * 7) % 11, cell(i), cell(i / 2)));
    let content = "a,x,y\n".to_owned() + &rows.collect::<String>();
    let table = open_with(content, |csv| csv.target("y")).unwrap();
    assert_eq!(classes(&table).0, ["N o", "Yes", "no", "yes"]);
    assert_eq!(
        table.notes,
        [
            "column x: the levels \"N o\" and \"no\" differ by case or blanks alone",
            "target y: the classes \"N o\" and \"no\" differ by case or blanks alone, and so do two others",
        ]
    );
    // Of many columns, one note with one example.
    let header: Vec<String> = (0..8).map(|column| format!("c{column}")).collect();
    let row = |i: usize| {
        let cells: Vec<&str> = (0..8).map(|column| cell(i / (column + 1))).collect();
        format!("{},{}.5\n", cells.join(","), i * i % 17)
    };
    let content = format!("{},y\n", header.join(",")) + &(0..80).map(row).collect::<String>();
    let notes = open_with(content, |csv| csv.target("y")).unwrap().notes;
    let said = "columns c0, c1, c2, c3, c4 and 3 more: some levels differ by case or blanks alone, such as \
                \"N o\" and \"no\" in c0";
    assert_eq!(notes, [said]);
}

#[test]
fn names_that_occur_twice_get_a_number() {
    let table = open("a,b,a,\n1,2,3,4\n5,6,7,8\n");
    assert_eq!(names(&table), ["a", "b", "a.1", "3"]);
    assert_eq!(
        table.notes,
        [
            "another column \"a\": called \"a.1\" here",
            "1 column without a name: it is called by position"
        ]
    );
}

#[test]
fn digits_that_are_lost_are_said() {
    let said = "column user: 30 cells have more digits than a number keeps, such as \
                \"1234567890123456701\"; if they are codes, name it in `categories` or in `ids`";
    let table = file("user,a", 30, |i| {
        format!("{},{}", 1_234_567_890_123_456_701_u64 + (i * 1000) as u64, (i * 7) % 11)
    });
    assert!(table.notes.iter().any(|note| note == said), "{:?}", table.notes);
    let table = file("user,a", 30, |i| format!("{},{}", 1_u64 << (20 + i % 40), (i * 7) % 11));
    assert!(table.notes.iter().all(|note| !note.contains("digits")), "{:?}", table.notes);
}

#[test]
fn times_among_texts_are_said() {
    let table = file("day,a", 60, |i| {
        let day = if i % 4 == 0 { "open".into() } else { format!("2024-01-{:02}", 1 + i % 28) };
        format!("{day},{}", (i * 7) % 11)
    });
    let said =
        "column day: read as a category, although 75% of its cells are times, because of \"open\"";
    assert!(table.notes.iter().any(|note| note == said), "{:?}", table.notes);
}
