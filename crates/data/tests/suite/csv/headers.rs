//! Whether the first row names the columns: numbers among the names, units, comments, many names.

use super::{File, error, inputs, names, open, open_for, open_with, schema};
use std::fmt::Write as _;
use std::fs;
use tanren_data::Csv;
use tanren_plugin::{Schema, Source as _};

/// What is said where a header was not obvious.
const LIKELY: &str = "the first row is taken for the header: ";

fn rows(row: impl Fn(usize) -> String) -> String {
    (0..12).fold(String::new(), |mut all, i| {
        writeln!(all, "{}", row(i)).unwrap();
        all
    })
}

#[test]
fn numbers_may_be_names() {
    let numbers = |i: usize| format!("{}.5,{}.25,{}", 40 + i, 70 - 3 * i, i % 5 * 20);
    let codes = rows(|i| format!("Land{},L{i},{}", i % 3, numbers(i)));
    let two = rows(|i| format!("{}.5,{},{}", i, i % 5, i % 3));
    for (header, rows) in [
        ("country,code,2018,2019,2020", codes),
        ("label,0,1,2", rows(|i| format!("{},{},{},{}", i % 2, i % 5, 250 - i * 7, i % 3 * 9))),
        ("label,1,2,3", rows(|i| format!("l{},{},{},{}", i % 2, i % 5, 250 - i * 7, i % 3 * 9))),
        (",2018,2019", rows(|i| format!("{i},{}.5,{}", i % 5, i % 3))),
        ("x,2019,2020", two.clone()),
        ("x,2019,2015", two),
        ("2019,2020,2021", rows(|i| format!("{},{},{}.5", i % 5, i % 7, i))),
        ("0,1,2,3", rows(|i| format!("{},{},{},{}", i % 5, 99 - i, 7 * i % 11, i % 3))),
        ("a,b,c,10", rows(|i| format!("{},{},{},{}", i % 5, 99 - i, 7 * i % 11, i % 3))),
    ] {
        let table = open(format!("{header}\n{rows}"));
        assert_eq!(table.rows, 12, "{header} {:?}", table.notes);
        let said = table.notes.iter().any(|note| note.starts_with(LIKELY));
        assert!(said, "{header} {:?}", table.notes);
        let table = open_with(format!("{header}\n{rows}"), |csv| csv.header(false)).unwrap();
        assert_eq!(table.rows, 13);
    }
}

#[test]
fn numbers_of_a_first_row_without_a_header() {
    for (first, rows) in [
        ("Alice,1918,1919", rows(|i| format!("Bob{i},{},{}", 1920 + i, 1980 + i % 3))),
        ("1,2,3,4", rows(|i| format!("{},{},{},{}", i + 2, i + 3, i + 4, i + 5))),
        ("1,2,3", rows(|i| format!("{},{},{}", i % 3 + 1, i % 4 + 1, i % 5 + 1))),
        ("A,5,3", rows(|i| format!("{},{},{}", i % 4, i, i % 6))),
        ("NA,1,2", rows(|i| format!("{},{},{}", i % 4, i % 5, i % 6))),
        ("unknown,1,2", rows(|i| format!("{},{},{}", i % 4, i % 5, i % 6))),
        ("a,1,2", rows(|i| format!("{},{},{}", ["a", "b"][i % 2], i % 5, i % 6))),
        ("a,1950", rows(|i| format!("b{i},{}", 300 * i))),
        ("x,0.5,1.5", rows(|i| format!("{},{}.5,{}.5", i % 4, i, i % 3))),
    ] {
        let table = open(format!("{first}\n{rows}"));
        assert_eq!(table.rows, 13, "{first} {:?}", table.notes);
    }
}

#[test]
fn settings_know_names_that_are_numbers() {
    let rows = rows(|i| format!("{},{}", 2000 + i, 2010 + i % 3));
    let table = open_with(format!("1999,2000\n{rows}"), |csv| csv.target("2000")).unwrap();
    assert_eq!((table.rows, names(&table)), (12, vec!["1999"]));
    // A position is no name.
    let table = open_with(format!("1,2000\n{rows}"), |csv| csv.target("1")).unwrap();
    assert_eq!(table.rows, 13);
}

#[test]
fn headers_of_text_above_text_are_told() {
    let table = open("class,shape,odor\ne,b,l\np,x,f\np,s,f\ne,b,l\np,x,y\n");
    let said = format!("{LIKELY}class, shape, odor (`header = false` says otherwise)");
    assert_eq!(table.notes[0], said);
}

#[test]
fn missing_words_are_no_units() {
    for first in ["NA,NA", "?,?", "-,-", "n/a,ERR", ","] {
        let table = open(format!("a,b\n{first}\n1,0.5\n2,0.25\n3,1.5\n"));
        assert_eq!(table.rows, 4, "{first}");
    }
    let model = open("a,b\n1,0.5\n2,0.25\n3,1.5\n");
    for first in ["NA,NA", "off,off", "m,s"] {
        let content = format!("a,b\n{first}\n1,0.5\n2,0.25\n3,1.5\n");
        assert_eq!(open_for(&content, &model, |csv| csv).unwrap().rows, 4, "{first}");
    }
    let table = open_for("a,b\n[m],[s]\n1,0.5\n2,0.25\n3,1.5\n", &model, |csv| csv).unwrap();
    assert_eq!(table.rows, 3);
    let said = "the record below the header is left out: it has the units ([m], [s])";
    assert!(table.notes.contains(&said.to_owned()), "{:?}", table.notes);
}

/// Columns that are no inputs have units, too.
#[test]
fn a_row_of_units_above_no_input_is_known() {
    let rows = rows(|i| format!("{i},{},{}.25", ["u", "v"][i % 2], i % 5));
    let file = File::new(format!("order,c,y\nnr,,EUR\n{rows}"));
    for csv in [file.csv().target("y").ids(["order"]), file.csv().target("y").ignore(["order"])] {
        let csv = Csv { header: None, ..csv };
        let table = csv.open().unwrap();
        assert_eq!(table.rows, 12, "{:?}", table.notes);
        let schema = schema(&table).without_targets();
        assert_eq!(inputs(&csv.open_for(&schema).unwrap()), inputs(&table));
        // Without the target, and without the other.
        for content in ["order,c\nnr,\n7,v\n", "y,c\nEUR,\n7,v\n"] {
            let table = File::new(content).csv().open_for(&schema).unwrap();
            assert_eq!(inputs(&table), [1.0], "{content}");
        }
    }
}

#[test]
fn other_units_than_in_training_are_said() {
    let content =
        |units: &str| format!("w,h\n{units}\n{}", rows(|i| format!("{i}.5,{}.25", i % 5)));
    let model = open(content("kg,m"));
    let said = |units: &str| {
        let table = open_for(&content(units), &model, |csv| csv).unwrap();
        let note = table.notes.iter().find(|note| note.contains("other units than in training"));
        (table.rows, note.cloned())
    };
    let note = |units: &str, row: &str| {
        let numbers = "but numbers are read as they are";
        Some(format!(
            "the record below the header has other units than in training ({units}), {numbers}{row}"
        ))
    };
    assert_eq!(said("kg,m"), (12, None));
    assert_eq!(said("g,m"), (13, note("w: g, not kg", "; it is read as a row")));
    assert_eq!(said("[g],[cm]"), (12, note("h: [cm], not m, w: [g], not kg", "")));
    for row in ["1,m", "NA,NA", ",", "2,3"] {
        assert_eq!(said(row), (13, None), "{row}");
    }
}

#[test]
fn a_model_knows_the_units_of_its_training_data() {
    let rows = rows(|i| format!("{i}.5,{},{}.25", ["u", "v"][i % 2], i % 5));
    for units in ["kg,,EUR", "kg,-,EUR", "kg,name,EUR"] {
        let file = File::new(format!("w,c,y\n{units}\n{rows}"));
        let csv = file.csv().target("y");
        let table = csv.open().unwrap();
        assert_eq!(table.rows, 12, "{units} {:?}", table.notes);
        let schema = schema(&table);
        let without = schema.clone().without_targets();
        let note = "the record below the header is left out: it has the units";
        let read = |content: &str, schema: &Schema| {
            let file = File::new(content);
            let table = file.csv().open_for(schema).unwrap();
            (inputs(&table), table.notes.iter().any(|said| said.starts_with(note)))
        };
        let content = fs::read_to_string(&file.path).unwrap();
        for schema in [&schema, &without] {
            assert_eq!(read(&content, schema), (inputs(&table), true), "{units}");
        }
        // Other columns, another order, a single row.
        let [w, c, y]: [&str; 3] = units.split(',').collect::<Vec<_>>().try_into().unwrap();
        let found = read(&format!("y,more,c,w\n{y},h,{c},{w}\n1,2,v,7\n"), &without);
        assert_eq!(found, (vec![7.0, 1.0], true), "{units}");
        // Words that are no units of its are a row, whether or not there are targets.
        let other = content.replacen("kg", "off", 1);
        let (kept, said) = read(&other, &without);
        assert_eq!((kept.len(), kept[0], said), (26, -9.0, false), "{units}");
        let table = File::new(&other).csv().open_for(&schema).unwrap();
        assert_eq!((table.rows, table.number(0)), (12, 1), "{units} {:?}", table.notes);
    }
}

#[test]
fn headers_and_rows_that_begin_with_a_hash() {
    let table = open("#,Name,Type\n1,a,u\n2,b,v\n3,a,u\n");
    assert_eq!((names(&table)[0], table.rows), ("#", 3), "{:?}", table.notes);
    // Colours, all of them or the first.
    let table = open("#ff0000,1,a\n#00ff00,2,b\n#ff0000,3,a\n");
    assert_eq!((names(&table), table.rows), (vec!["0", "1", "2"], 3));
    let table = open("#ff0000,1,a\nred,2,b\n#ff0000,3,a\nred,5,b\n");
    assert_eq!(table.rows, 4);
    // Prose may have commas.
    let table = open("# made, by hand\na,b\n1,2\n3,4\n");
    assert_eq!((names(&table), table.rows), (vec!["a", "b"], 2));
    let table = open("#\"a, b\",c\n1,2\n3,4\n");
    assert_eq!((names(&table), table.rows), (vec!["a, b", "c"], 2));
    // A setting knows the header.
    let rows = "x,u\ny,v\nx,u\n";
    let target = |csv: Csv| csv.target("b");
    let table = open_with(format!("# a,b\n{rows}"), target).unwrap();
    assert_eq!((names(&table), table.rows), (vec!["a"], 3));
    let table = open_with(format!("# made, by hand\na,b\n{rows}"), target).unwrap();
    assert_eq!((names(&table), table.rows), (vec!["a"], 3));
}

#[test]
fn unusual_delimiters() {
    for mark in ["^", "~", ":"] {
        let table = open("a:b:y\n0:1:2\n1:3:5\n2:4:6\n".replace(':', mark));
        assert_eq!((names(&table), table.rows), (vec!["a", "b", "y"], 3));
        let said = format!("the cells are separated by {mark:?} (`delimiter` says otherwise)");
        assert!(table.notes[0].starts_with(&said.replace('"', "'")), "{:?}", table.notes);
    }
    // Times and addresses are whole.
    for rows in ["12:30\n13:45\n07:15\n", "http://a\nhttp://b\nhttp://a\n"] {
        assert_eq!(names(&open(format!("{rows}{rows}"))).first().map(|name| &name[..1]), Some("0"));
    }
}

#[test]
fn utf_16_without_a_mark() {
    for big in [false, true] {
        let units = "name;Größe\n1,5;a\n2,5;b\n".encode_utf16();
        let bytes: Vec<u8> =
            units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect();
        let file = File::new(&bytes);
        assert!(file.csv().at(&file.path, None).unwrap().is_some());
        let table = file.csv().open().unwrap();
        assert_eq!((names(&table), inputs(&table)[0]), (vec!["name", "Größe"], 1.5));
    }
    let file = File::new(b"a\0b,1\0\0\x02c,2\n");
    assert!(file.csv().at(&file.path, None).is_err());
}

#[test]
fn texts_that_are_no_tables_are_told() {
    let rows = "Ann      20  Rome      1\nJoe X    21  New York  2\n".repeat(3);
    let aligned = "expected cells with a delimiter between them, found columns that are aligned by \
                   blanks, with blanks in the cells; save the data as CSV";
    assert_eq!(error(format!("NAME    AGE  CITY      COUNT\n{rows}")), aligned);
    assert_eq!(open("a text\nanother\na text\nanother\n").rows, 4);
    for (content, what) in [
        ("{\"a\":0,\"y\":0}\n{\"a\":1,\"y\":2}\n", "JSON lines"),
        ("{\n  \"a\": [0, 1]\n}\n", "a JSON file"),
        ("[{\"a\":1}]\n", "a JSON file"),
        ("% made\n@RELATION x\n@attribute a numeric\n", "an ARFF file"),
        ("<?xml version=\"1.0\"?>\n", "an XML file"),
    ] {
        let file = File::new(content);
        let error = file.csv().at(&file.path, None).unwrap_err().to_string();
        assert!(error.contains(what), "{error}");
    }
    let file = File::new("");
    for content in ["[m],[s]\n1,2\n", "{a},b\n1,2\n", "\"{\"\"a\"\"}\",b\n"] {
        fs::write(&file.path, content).unwrap();
        assert!(file.csv().at(&file.path, None).unwrap().is_some());
    }
}
