//! What stands above the rows: comments, headings, units, headers of all kinds; and encodings.

use super::{File, classes, inputs, names, open, open_with};
use tanren_data::{Csv, Encoding};
use tanren_plugin::Source;

#[test]
fn comments_are_left_out() {
    let table = open("# exported 2023\n# by tool\na,b\n1,2\n# half\n3,4\n");
    assert_eq!((names(&table), inputs(&table)), (vec!["a", "b"], vec![1.0, 2.0, 3.0, 4.0]));
    assert_eq!(table.notes, ["lines that begin with # are left out (`comment` says which)"]);
    let percent = |csv| Csv { comment: Some('%'), ..csv };
    let table = open_with("a,b\n% x\n1,2\n%\n3,4\n", percent).unwrap();
    assert_eq!(inputs(&table), [1.0, 2.0, 3.0, 4.0]);
    // The last comment may be the header.
    let table = open("# made\n#a\tb\n1\t2\n3\t4\n");
    assert_eq!((names(&table), inputs(&table)), (vec!["a", "b"], vec![1.0, 2.0, 3.0, 4.0]));
    assert!(table.notes.is_empty(), "{:?}", table.notes);
    // A # elsewhere is no comment.
    assert_eq!(open("a,b\n#1,2\n#2,4\n").rows, 2);
}

#[test]
fn headings_are_left_out() {
    for heading in ["Sales of 2023\n", "Sales of 2023\n\nin thousands\n", "Title,x\n\n"] {
        let table = open(format!("{heading}a,b,c\n1,2,3\n4,5,6\n7,8,9\n1,1,1\n"));
        assert_eq!((names(&table), table.rows), (vec!["a", "b", "c"], 4), "{:?}", table.notes);
        let lines = heading.lines().count();
        let s = if lines == 1 { "" } else { "s" };
        let said = format!("{lines} line{s} above the table left out (`skip` says how many)");
        assert_eq!(table.notes, [said]);
    }
    let skip = |csv| Csv { skip: Some(2), ..csv };
    let table = open_with("x,y\nz,w\na,b\n1,2\n", skip).unwrap();
    assert_eq!((names(&table), inputs(&table)), (vec!["a", "b"], vec![1.0, 2.0]));
    assert_eq!(inputs(&open("sep=;\na;b\n1;2\n")), [1.0, 2.0]);
}

#[test]
fn a_row_of_units_is_left_out() {
    for units in ["(m),(s),x", "[m],,", "m,s,"] {
        let table = open(format!("a,b,c\n{units}\n1,2,x\n3,4,y\n5,6,x\n"));
        assert_eq!(inputs(&table), [1.0, 2.0, 0.0, 3.0, 4.0, 1.0, 5.0, 6.0, 0.0], "{units}");
        assert!(table.notes[0].starts_with("the record below the header is left out"));
    }
    // One word may be a value that is missing.
    let table = open("a,c\nERR,x\n1,y\n2,x\n");
    assert_eq!(table.rows, 3);
}

#[test]
fn headers_of_text_above_text() {
    let rows = "e,b,l\np,x,f\np,s,f\ne,b,l\np,x,y\n";
    let table = open_with(format!("class,shape,odor\n{rows}"), |csv| csv.target("class")).unwrap();
    assert_eq!((classes(&table).0, table.rows), (&["e".to_owned(), "p".to_owned()][..], 5));
    // Without being named: its texts are none of those below.
    let table = open(format!("class,shape,odor\n{rows}"));
    assert_eq!(names(&table), ["class", "shape", "odor"]);
    assert_eq!(open(rows).rows, 5);
}

#[test]
fn headers_that_lack_a_name() {
    let table = open("a b\nfirst 1 2\nsecond 3 4\nthird 5 6\n");
    assert_eq!(names(&table), ["row_name", "a", "b"]);
    assert!(table.notes[0].ends_with("the first column is called row_name"));
    let table = open("a,b\n1,2,\n3,4,\n5,6,\n");
    assert_eq!((names(&table), inputs(&table)[..2].to_vec()), (vec!["a", "b"], vec![1.0, 2.0]));
}

#[test]
fn pipes_separate() {
    let table = open("a|b\n1,5|x\n2,5|y\n");
    assert_eq!(inputs(&table), [1.5, 0.0, 2.5, 1.0]);
}

#[test]
fn other_encodings() {
    let latin = b"Gr\xf6\xdfe;y\n1,5;\x80\n2,5;b\n";
    let table = open(latin);
    assert_eq!(names(&table), ["Größe", "y"]);
    assert_eq!(table.inputs[0].spec.features[1].levels, ["b", "€"]);
    let said =
        "2 lines are not UTF-8 and read as Windows-1252 or Latin-1 (`encoding` says otherwise)";
    assert!(table.notes.contains(&said.to_owned()), "{:?}", table.notes);
    let said = |csv| Csv { encoding: Some(Encoding::Latin1), ..csv };
    assert!(open_with(latin, said).unwrap().notes.iter().all(|note| !note.contains("UTF-8")));
    for big in [false, true] {
        let units = "\u{feff}Größe\ty\n1,5\t€\n2,5\tb\n".encode_utf16();
        let bytes: Vec<u8> =
            units.flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect();
        let table = open(&bytes);
        assert_eq!((names(&table), inputs(&table)[0]), (vec!["Größe", "y"], 1.5));
        // Without the mark it has to be said.
        let file = File::new(&bytes[2..]);
        let utf_16 = Csv { encoding: Some(Encoding::Utf16), ..file.csv() };
        assert_eq!(names(&utf_16.open().unwrap()), ["Größe", "y"]);
    }
}
