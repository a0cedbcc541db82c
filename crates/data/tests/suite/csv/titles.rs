//! Tables below titles, and what spreadsheets, databases and Markdown put around rows.

use super::{error, inputs, names, open, open_for, open_with};
use tanren_data::Csv;

const ROWS: &str = "2023-01-2,a1,1.5\n2023-01-3,a0,2.5\n2023-01-4,a1,3.5\n2023-01-5,a0,4.5\n";

#[test]
fn titles_that_are_filled_up_with_delimiters() {
    for titles in [
        "Report,,\n",
        "Report,,\n,,\n",
        ",,\n",
        "My Report,,\nPeriod,2023,\n,,\n",
        "group A,,group B\n",
        "group A,group B,\n",
    ] {
        let table = open(format!("{titles}date,text,amount\n{ROWS}"));
        assert_eq!(names(&table).first(), Some(&"date"), "{titles}{:?}", table.notes);
        assert_eq!((table.rows, names(&table).last()), (4, Some(&"amount")), "{titles}");
        let lines = titles.lines().count();
        let s = if lines == 1 { "" } else { "s" };
        let said = format!("{lines} line{s} above the table left out (`skip` says how many)");
        assert_eq!(table.notes[0], said);
    }
}

#[test]
fn headers_and_rows_that_are_no_titles() {
    // A header that lacks the last name, and the first.
    assert_eq!(names(&open("a,b,\n1,2,x\n3,4,y\n5,6,x\n")), ["a", "b", "2"]);
    assert_eq!(names(&open(",a,b\n7,2,4\n8,4,4\n7,6,5\n")), ["0", "a", "b"]);
    // Rows that miss cells, with a header or without.
    assert_eq!(open("a,b,c\n1,,\n1,2,3\n2,2,4\n").rows, 3);
    assert_eq!(open("x,,\nx,y,z\ny,y,z\nx,y,x\ny,x,z\ny,x,x\n").rows, 6);
    // What a model calls a header is one.
    let model = open("x,y,z\n1,2,3\n2,3,5\n4,1,2\n");
    let table = open_for("x,y,\nu,v,z\n1,2,3\n2,2,3\n", &model, |csv| csv);
    assert!(table.unwrap_err().to_string().contains("missing column \"z\""));
    let table = open_for("Report,,\nx,y,z\n,,\n1,2,3\n", &model, |csv| csv).unwrap();
    assert_eq!(inputs(&table), [-9.0, -9.0, -9.0, 1.0, 2.0, 3.0]);
}

#[test]
fn several_rows_of_names_are_read_by_the_one_that_is_known() {
    let rows = "1.5,2.25,3,4\n2.5,3.25,4,5\n3.5,1.25,5,6\n4.5,0.25,7,9\n";
    let content = format!("A,A,B,B\nx,y,x,y\nm1,m2,m3,m4\n{rows}");
    let table = open_with(&content, |csv| csv.target("m4")).unwrap();
    assert_eq!((names(&table), table.rows), (vec!["m1", "m2", "m3"], 4));
    assert_eq!(table.notes[0], "2 lines above the table left out (`skip` says how many)");
    assert_eq!(inputs(&open_for(&content, &table, |csv| csv).unwrap()), inputs(&table));
    // A cell that is called as a column is no header.
    let cells = format!("A,A,B,B\nm1,m4,1,2\n{rows}");
    assert!(open_with(cells, |csv| csv.target("m4")).is_err());
}

#[test]
fn a_title_above_cells_with_decimal_commas() {
    let rows = "01.01.2023;rent;67,85\n02.01.2023;food;22,77\n03.01.2023;rent;39,62\n";
    for title in ["Statement\n", "Statement\n\n", "Statement, 2023\n", ""] {
        for mark in [";", "\t"] {
            let content = format!("{title}day;text;amount\n{rows}").replace(';', mark);
            let table = open(&content);
            assert_eq!(table.rows, 3, "{content}");
            assert_eq!(names(&table).last(), Some(&"amount"), "{content}");
        }
    }
    assert_eq!(inputs(&open("a;b\n1,5;2,5\n2,5;3,5\n")), [1.5, 2.5, 2.5, 3.5]);
}

#[test]
fn rules_below_a_header() {
    for content in [
        "| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 7 |\n",
        " a | b \n---+---\n 1 | 2 \n 3 | 4 \n 5 | 7 \n",
        "a b\n- -\n--- ---\n1 2\n3 4\n5 7\n",
    ] {
        let content = content.replace("- -\n", "");
        let table = open(&content);
        assert_eq!(inputs(&table), [1.0, 2.0, 3.0, 4.0, 5.0, 7.0], "{content}");
        let said = "lines drawn with dashes are left out".to_owned();
        assert!(table.notes.contains(&said), "{:?}", table.notes);
    }
}

#[test]
fn empty_rows_at_the_end_are_none() {
    let table = open("a,b\n1,2\n,\n3,4\n,\n , \n");
    assert_eq!((table.rows, inputs(&table)), (3, vec![1.0, 2.0, -9.0, -9.0, 3.0, 4.0]));
    assert!(table.notes.contains(&"2 empty rows at the end left out".into()), "{:?}", table.notes);
    let target = |csv: Csv| csv.target("b");
    let table = open_with("a,b\n1,2\n,\n3,4\n,\n", target).unwrap();
    assert_eq!((table.rows, table.numbers), (2, Some(vec![0, 2])));
    // Each row between others keeps its prediction.
    let model = open("a,b\n1,2\n3,5\n");
    let table = open_for("a,b\n1,2\n,\n,\n3,4\n,\n", &model, |csv| csv).unwrap();
    assert_eq!(table.rows, 4);
    assert!(error("a,b\n,\n,\n").starts_with("expected rows, found only what looks like a header"));
}
