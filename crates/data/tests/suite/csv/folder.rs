//! A folder of tables, which are read as one.

use crate::files::{Folder, numbers, schema};
use tanren_data::{Csv, FileOptions, Label, Sequences, file};
use tanren_plugin::{Source, Table};

/// A folder with these files, and its table.
fn read(
    files: &[(&str, &str)],
    settings: impl FnOnce(Csv) -> Csv,
) -> (Folder, Result<Table, String>) {
    let folder = Folder::new();
    for (name, content) in files {
        folder.write(name, content);
    }
    let csv = settings(Csv::new(folder.root()));
    let read = match csv.open() {
        Err(error) => Err(folder.error::<Table>(Err(error))),
        Ok(table) => Ok(table),
    };
    (folder, read)
}

#[test]
fn tables_with_the_same_columns_are_one() {
    let files = [
        ("b.csv", "t,x,label\n0,1.5,up\n1,2.5,up\n"),
        ("a.csv", "t,x,label\r\n0,\"3,5\",down\r\n"),
        ("c.tsv", "t,x,label\n0,9.5,\"u\"\"p\"\n"),
        (".hidden.csv", "nothing"),
    ];
    let (folder, table) = read(&files, |csv| csv.target("label"));
    let table = table.unwrap();
    table.check().unwrap();
    // In the order of the names; what a column is follows from all files.
    assert_eq!(table.rows, 4);
    assert_eq!(table.targets[0].spec.levels, ["down", "u\"p", "up"]);
    let levels = &table.inputs[0].spec.features[1].levels;
    assert_eq!(levels, &["1.5", "2.5", "3,5", "9.5"], "{:?}", table.notes);
    assert_eq!(table.beside[0].spec.name, "file");
    assert_eq!(table.beside[0].spec.features[0].levels, ["a.csv", "b.csv", "c.tsv"]);
    assert_eq!(numbers(&table.beside[0]), [0.0, 1.0, 1.0, 2.0]);
    // A model reads single files and folders alike.
    let csv = Csv::new(folder.root()).target("label");
    let again = csv.open_for(&schema(&table, true)).unwrap();
    assert_eq!((again.rows, &again.inputs), (4, &table.inputs));
    let one = Csv { path: folder.path("b.csv"), ..csv };
    assert_eq!(one.open_for(&schema(&table, true)).unwrap().rows, 2);
    let told = file(folder.root(), &FileOptions::default()).unwrap();
    assert_eq!(told.typetag_name(), "csv");
}

#[test]
fn each_file_is_laid_out_as_the_first() {
    let above = "# measured on a Monday\nt;x\n0;1,5\n1;2,5\n\n";
    let files = [
        ("a.csv", above),
        ("b.csv", above),
        ("notes.md", "about"),
        ("c.csv", "# none\nt;x\n7;8,5\n"),
    ];
    let (_, table) = read(&files, |csv| csv.target("x"));
    let table = table.unwrap();
    assert_eq!(numbers(&table.targets[0]), [1.5, 2.5, 1.5, 2.5, 8.5]);
    assert!(table.notes.iter().any(|note| note.starts_with("1 other file in the folder not read")));
    // Without names, columns are called by their places.
    let (_, table) = read(&[("a.csv", "1,2\n3,4\n"), ("b.csv", "5,6\n")], |csv| csv.target("-1"));
    let table = table.unwrap();
    assert_eq!(numbers(&table.inputs[0]), [1.0, 3.0, 5.0]);
    assert_eq!(table.targets[0].spec.name, "1");
    // A file can be an input where somebody says what it is.
    let (_, table) = read(&[("a.csv", "x,y\n1,2.5\n3,4\n"), ("b.csv", "x,y\n5,6\n")], |csv| Csv {
        categories: vec!["file".into()],
        ..csv.target("y")
    });
    assert_eq!(numbers(&table.unwrap().inputs[0]), [1.0, 0.0, 3.0, 0.0, 5.0, 1.0]);
}

#[test]
fn errors_and_notes_name_the_file() {
    let a = "x,y\n1,2.5\n3,4\n";
    let said = |b: &str| read(&[("a.csv", a), ("b.csv", b)], |csv| csv.target("y")).1.unwrap_err();
    assert_eq!(
        said("x,z\n1,2\n"),
        "b.csv: expected the columns of a.csv, which are x, y, found x, z"
    );
    assert!(
        said("x,y\n1,2\n\n3,4,5\n").starts_with("b.csv, line 4: "),
        "{}",
        said("x,y\n1,2\n\n3,4,5\n")
    );
    let none = read(&[("a.txt", "x")], |csv| csv.target("y")).1.unwrap_err();
    assert_eq!(
        none,
        "folder: expected files that end in .csv or .tsv, found a folder without such"
    );
    let twins = [("a.csv", a), ("a.csv.gz", a)];
    let twins = read(&twins, |csv| csv.target("y")).1.unwrap_err();
    assert!(twins.starts_with("a.csv.gz: expected one file of this name"), "{twins}");
    let file = read(&[("a.csv", "file,y\n1,2\n")], |csv| csv.target("y")).1.unwrap_err();
    assert!(file.starts_with("a.csv, column file: "), "{file}");
    let many = (0..30).fold("x,y\n".to_owned(), |text, row| text + &format!("{row},{row}.5\n"));
    let odd = format!("x,y\n\"1\n1\",1\n{}", &many[4..].replace("\n7,", "\nseven,"));
    let (_, table) = read(&[("a.csv", &many), ("b.csv", &odd)], |csv| csv.target("y"));
    let notes = table.unwrap().notes;
    assert!(notes.iter().any(|note| note.ends_with("in line 2 of b.csv")), "{notes:?}");
}

/// What stands above the rows of one file says nothing of the others.
#[test]
fn each_file_has_its_own_lines_above_the_table() {
    let rows = |files: &[(&str, &str)]| {
        let table = read(files, |csv| csv.target("-1")).1.unwrap();
        (numbers(&table.inputs[0]), numbers(&table.targets[0]), table.notes)
    };
    let (x, y, _) =
        rows(&[("a.csv", "sep=;\n1;2\n3;4\n5;6.5\n"), ("b.csv", "10;20\n30;40\n50;60.5\n")]);
    assert_eq!((x.len(), y), (6, vec![2.0, 4.0, 6.5, 20.0, 40.0, 60.5]));
    let titled = "A report\nof two lines\n\nx,y\n1,2.5\n3,4\n";
    let (x, ..) =
        rows(&[("a.csv", titled), ("b.csv", "Other\n\nx,y\n5,6\n7,8\n"), ("c.csv", "x,y\n9,1\n")]);
    assert_eq!(x, [1.0, 3.0, 5.0, 7.0, 9.0]);
    let (x, ..) = rows(&[("a.csv", "# x,y\n1,2.5\n3,4\n"), ("b.csv", "# x,y\n5,6\n7,8\n")]);
    assert_eq!(x, [1.0, 3.0, 5.0, 7.0]);
    // Rows of units are none, and empty ones at the end of a file are not, either.
    let some = (0..20).fold("x,kind,y\ncm,code,kg\n".to_owned(), |text, n| {
        text + &format!("{n},{},{n}.5\n", ["a", "b"][n % 2])
    });
    let empty = some.clone() + ",,\n,,\n";
    let (folder, table) = read(&[("a.csv", &empty), ("b.csv", &some)], |csv| csv.target("y"));
    let table = table.unwrap();
    assert_eq!(
        (table.rows, &table.inputs[0].spec.features[1].levels[..]),
        (40, &["a", "b"].map(String::from)[..])
    );
    let csv = Csv::new(folder.path("b.csv")).target("y");
    assert_eq!(csv.open_for(&schema(&table, false)).unwrap().rows, 20);
    let alone = schema(&csv.open().unwrap(), false);
    assert_eq!(Csv { path: folder.root().into(), ..csv }.open_for(&alone).unwrap().rows, 40);
    // Places are those of columns in a file.
    let (_, table) =
        read(&[("a.csv", "y,x\n1.5,2\n"), ("b.csv", "y,x\n2.5,3\n")], |csv| csv.target("0"));
    assert_eq!(table.unwrap().targets[0].spec.name, "y");
}

/// One sequence in each file.
#[test]
fn a_file_can_be_a_sequence() {
    let files = [
        ("walk-1.csv", "t,x,label\n0,1.5,up\n1,2.5,up\n2,4.5,up\n"),
        ("walk-2.csv", "t,x,label\n0,3.5,down\n1,1.5,down\n"),
    ];
    let (folder, _) = read(&files, |csv| csv.target("label"));
    let of = Csv { beside: vec!["t".into()], ..Csv::new(folder.root()) };
    let walks = Sequences {
        label: Label::Sequence,
        order: Some("t".into()),
        ..Sequences::new(of.clone().target("label"), "file")
    };
    let table = walks.open().unwrap();
    table.check().unwrap();
    assert_eq!((table.rows, table.steps(0).len(), table.steps(1).len()), (2, 3, 2));
    assert_eq!(numbers(&table.inputs[0]), [1.5, 2.5, 4.5, 3.5, 1.5]);
    assert_eq!(table.targets[0].spec.levels, ["down", "up"]);
    let again = walks.open_for(&schema(&table, false)).unwrap();
    assert_eq!(again.inputs, table.inputs);
    // A single file is one, whose name is known where it is asked for, and its lines are.
    let one = Csv {
        path: folder.path("walk-2.csv"),
        beside: vec!["t".into(), "file".into()],
        ..Csv::new("")
    };
    let one = Sequences { of: one.target("label").into(), ..walks.clone() };
    let table = one.open_for(&schema(&table, false)).unwrap();
    assert_eq!((table.rows, numbers(&table.inputs[0])), (1, vec![3.5, 1.5]));
    let wrong = folder.write("walk-2.csv", "t,x,label\n3,3.5,down\n1,1.5,down\n");
    let said = folder.error(one.open_for(&schema(&table, false)));
    assert!(said.starts_with("walk-2, line 3, row 1, column t: "), "{said} {}", wrong.display());
    let said = folder.error(Sequences { of: of.target("label").into(), ..one }.open());
    assert!(said.starts_with("walk-2.csv, line 3, row 4, column t: "), "{said}");
}
