//! Columns as the steps of a sequence.

use crate::files::{Folder, features, numbers, schema};
use tanren_data::{Csv, Iris, Steps, Text};
use tanren_plugin::{Checked, Source};

fn over(folder: &Folder, text: &str, features: usize) -> Steps {
    Steps { features, ..Steps::new(Csv::new(folder.write("s.csv", text)).target("class")) }
}

const WIDE: &str = "x1,y1,class,x2,y2,x3,y3\n1,2,a,3,4,5,6\n1,2,b,,4,,\n7,,a,9,8,,5\n";

#[test]
fn columns_become_steps() {
    let folder = Folder::new();
    let source = over(&folder, WIDE, 2);
    let table = source.open().unwrap();
    table.check().unwrap();
    let input = &table.inputs[0];
    // Rows of unequal length are all kept; what is missing before the end of one stays missing.
    assert_eq!(input.offsets, Some(vec![0, 3, 5, 8]));
    let nan = f64::NAN;
    let expected = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 1.0, 2.0, nan, 4.0, 7.0, nan, 9.0, 8.0, nan, 5.0];
    assert_eq!(format!("{:?}", numbers(input)), format!("{expected:?}"));
    assert_eq!(features(input), ["x", "y"]);
    assert_eq!(table.targets[0].spec.levels, ["a", "b"]);
    assert!(!table.targets[0].spec.shape.sequence);
}

#[test]
fn a_model_finds_the_columns_by_their_names() {
    let folder = Folder::new();
    let source = over(&folder, WIDE, 2);
    let table = source.open().unwrap();
    let again = source.open_for(&schema(&table, true)).unwrap();
    assert_eq!((&again.inputs[0].spec, &again.targets), (&table.inputs[0].spec, &table.targets));
    let next = folder.write("next.csv", "y3,x3,y2,x2,y1,x1\n,,4,3,2,1\n");
    let next = source.at(&next, None).unwrap().unwrap();
    let read = next.open_for(&schema(&table, false)).unwrap();
    assert_eq!(numbers(&read.inputs[0]), [1.0, 2.0, 3.0, 4.0]);
    let other = schema(&Iris {}.open().unwrap(), false);
    assert!(source.open_for(&other).unwrap_err().to_string().contains("no columns as steps"));
    assert_eq!(source.line(None, 1), Some(3));
}

#[test]
fn features_without_common_names_are_counted() {
    let folder = Folder::new();
    for (header, names) in [("a_1,b_2", ["0"]), ("t.1,t.2", ["t"]), ("1,2", ["0"]), ("v,v2", ["v"])]
    {
        let table = over(&folder, &format!("{header},class\n1,2,p\n3,5,q\n"), 1).open().unwrap();
        assert_eq!(features(&table.inputs[0]), names, "{header}");
    }
    let table = over(&folder, "t1,t2,class\n1,2,p\n3,5,q\n", 2).open().unwrap();
    assert_eq!(features(&table.inputs[0]), ["0", "1"]);
}

#[test]
fn what_has_no_steps_is_refused() {
    let folder = Folder::new();
    let says = |text: &str, features| folder.error(over(&folder, text, features).open());
    assert_eq!(
        says("x1,x2,class\n1,2,a\n,,b\n3,4,a\n", 1),
        "s, line 3, row 1: expected a sequence of at least one step, found missing numbers alone"
    );
    assert_eq!(
        says("x1,x2,x3,class\n1,2,3,a\n3,4,7,b\n", 2),
        "s: expected a multiple of 2 inputs, 2 for each step, found 3"
    );
    assert_eq!(
        says("x1,x2,class\n1,p,a\n3,q,b\n", 1),
        "s, column x2: expected a number, which is part of a step, found a category"
    );
    let text = Steps::new(Text::new(folder.write("x.txt", "a text")));
    assert!(folder.error(text.open()).contains("expected rows of numbers"));
    assert_eq!(over(&folder, WIDE, 0).check().unwrap_err().setting, "features");
}
