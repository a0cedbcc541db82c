//! Running text: rows of characters and bytes, the units of a model, folders, and what is wrong with a
//! file.

use crate::files::{Folder, schema, survives};
use proptest::prelude::*;
use std::io::Write as _;
use tanren_data::{Encoding, Text, TimeSplit, Unit, looks_like_text};
use tanren_plugin::{Checked, Field, Part, Source, Split, Table, Values};
use tanren_tensor::Stream;

fn of(folder: &Folder, length: usize) -> Text {
    Text { length, ..Text::new(folder.root().join("x.txt")) }
}

fn open(text: &str, length: usize) -> Table {
    let folder = Folder::new();
    folder.write("x.txt", text);
    let table = of(&folder, length).open().unwrap();
    table.check().unwrap();
    table
}

/// The units of each row of a field, one text for each row.
fn rows(field: &Field) -> Vec<String> {
    let Values::Indices(indices) = &field.values else { panic!("no indices") };
    let offsets = field.offsets.as_ref().unwrap();
    let text = |row: &[u32]| row.iter().map(|&i| field.spec.levels[i as usize].as_str()).collect();
    offsets.windows(2).map(|ends| text(&indices[ends[0]..ends[1]])).collect()
}

#[test]
fn each_character_foretells_the_next() {
    let table = open("abca\r\nä", 3);
    assert_eq!((table.name.as_str(), table.rows), ("x", 2));
    let (input, target) = (&table.inputs[0], &table.targets[0]);
    assert_eq!((input.spec.name.as_str(), target.spec.name.as_str()), ("character", "next"));
    assert_eq!(input.spec.levels, ["\n", "\r", "a", "b", "c", "ä"]);
    assert_eq!(input.spec.levels, target.spec.levels);
    assert!(input.spec.shape.sequence && input.spec.shape.indices);
    assert_eq!(rows(input), ["abc", "a\r\n"]);
    assert_eq!(rows(target), ["bca", "\r\nä"]);
    assert_eq!(table.beside[0].values, Values::Double(vec![0.0, 3.0]));
    // The last row may be shorter.
    assert_eq!(rows(&open("abcde", 3).inputs[0]), ["abc", "d"]);
    assert_eq!(rows(&open("ab", usize::MAX).targets[0]), ["b"]);
}

#[test]
fn bytes_are_two_hexadecimal_digits() {
    let folder = Folder::new();
    folder.write("x.txt", [0_u8, 255, 10, 0]);
    let source = Text { unit: Unit::Bytes, ..of(&folder, 9) };
    let table = source.open().unwrap();
    assert_eq!(table.inputs[0].spec.name, "byte");
    assert_eq!(table.inputs[0].spec.levels, ["00", "0a", "ff"]);
    assert_eq!(rows(&table.targets[0]), ["ff0a00"]);
    let known = schema(&table, true);
    assert_eq!(source.open_for(&known).unwrap(), table);
    folder.write("x.txt", [0_u8, 255, 7, 8]);
    let says = "x.txt: byte 2: expected a byte that the model knows, found 0x07";
    assert_eq!(folder.error(source.open_for(&known)), says);
}

#[test]
fn the_end_of_a_text_is_split_off() {
    let table = open(&"to be or not to be ".repeat(20), 10);
    let split = TimeSplit { column: Some("position".into()), ..TimeSplit::default() };
    let parts = split.split(&table, Stream::new(1, "split")).unwrap();
    assert!(parts.is_sorted_by_key(|part| match part {
        Part::Train => 0,
        Part::Validation => 1,
        Part::Test => 2,
    }));
    assert_eq!(parts.iter().filter(|part| **part == Part::Test).count(), 8);
}

#[test]
fn a_model_reads_by_the_units_it_knows() {
    let folder = Folder::new();
    folder.write("x.txt", "abc\n");
    let source = of(&folder, 2);
    let table = source.open().unwrap();
    let (known, inputs) = (schema(&table, true), schema(&table, false));
    folder.write("x.txt", "bb\nb");
    let other = source.open_for(&known).unwrap();
    assert_eq!(other.inputs[0].spec, table.inputs[0].spec);
    assert_eq!(
        (rows(&other.inputs[0]), rows(&other.targets[0])),
        (vec!["bb".to_owned(), "\n".into()], vec!["b\n".to_owned(), "b".into()])
    );
    // What follows the last unit is what a prediction is for.
    let other = source.open_for(&inputs).unwrap();
    assert!(other.targets.is_empty());
    assert_eq!(rows(&other.inputs[0]), ["bb", "\nb"]);
    folder.write("x.txt", "a");
    assert_eq!(rows(&source.open_for(&inputs).unwrap().inputs[0]), ["a"]);
    assert_eq!(
        folder.error(source.open_for(&known)),
        "x.txt: expected a text of at least 2 characters, found 1"
    );

    folder.write("x.txt", "ab\nbé");
    let says =
        "x.txt, line 2: character 2 of the line: expected a character that the model knows, found";
    assert_eq!(folder.error(source.open_for(&inputs)), format!("{says} 'é'"));
    folder.write("x.txt", "ab\nb\u{200b}");
    assert_eq!(folder.error(source.open_for(&known)), format!("{says} '\\u{{200b}}'"));
    let bytes = Text { unit: Unit::Bytes, ..source.clone() };
    assert_eq!(
        folder.error(bytes.open_for(&known)),
        "x.txt: the model expects the inputs [character], a text has the bytes of the input \"byte\""
    );

    assert!(source.at(&folder.path("y.txt"), None).is_err());
    let next = folder.write("y.txt", "cab");
    assert!(source.at(&next, Some("price")).unwrap().is_none());
    let next = source.at(&next, Some("next")).unwrap().unwrap().open_for(&known).unwrap();
    assert_eq!(rows(&next.inputs[0]), ["ca"]);
    assert!(source.at(Folder::new().root(), None).unwrap().is_none());
}

#[test]
fn lines_of_rows_are_known() {
    let folder = Folder::new();
    folder.write("x.txt", "a\nb\n\nc\n");
    let source = of(&folder, 2);
    let lines = (0..4).map(|row| source.line(None, row)).collect::<Vec<_>>();
    assert_eq!(lines, [Some(1), Some(2), Some(3), None]);
}

#[test]
fn files_of_a_folder_are_texts_of_their_own() {
    let folder = Folder::new();
    folder.write("b.txt", "xyz");
    folder.write("a.TXT", "abcd");
    folder.write("c.md", "not read");
    let source = Text { length: 2, ..Text::new(folder.root()) };
    let table = source.open().unwrap();
    table.check().unwrap();
    assert_eq!(rows(&table.inputs[0]), ["ab", "c", "xy"]);
    assert_eq!(rows(&table.targets[0]), ["bc", "d", "yz"]);
    assert_eq!(table.beside[1].spec.features[0].levels, ["a.TXT", "b.txt"]);
    assert_eq!(table.beside[1].values, Values::Double(vec![0.0, 0.0, 1.0]));
    assert_eq!(
        table.notes,
        ["1 other file in the folder not read: only those that end in .txt are"]
    );
    folder.write("a.TXT", "q");
    // A file without a step is left out, unless there is no other.
    let notes = source.open().unwrap().notes;
    assert_eq!(notes.last().unwrap(), "1 file left out, too short for one step");
    folder.write("b.txt", "");
    assert_eq!(
        folder.error(source.open()),
        "b.txt: expected a text of at least 2 characters, found an empty file"
    );
    let empty = Folder::new();
    assert_eq!(
        empty.error(Text::new(empty.root()).open()),
        "folder: expected a text, or a folder of files that end in .txt, found a folder without such"
    );
}

#[test]
fn encodings_and_gzip() {
    let folder = Folder::new();
    let expected = ["ä€"];
    let read = |bytes: &[u8], encoding| {
        folder.write("x.txt", bytes);
        Text { encoding, ..of(&folder, 9) }.open().map(|table| rows(&table.inputs[0]))
    };
    assert_eq!(read("ä€b".as_bytes(), None).unwrap(), expected);
    assert_eq!(read("\u{feff}ä€b".as_bytes(), None).unwrap(), expected);
    assert_eq!(read(b"\xe4\x80b", Some(Encoding::Latin1)).unwrap(), expected);
    let wide: Vec<u8> = "\u{feff}ä€b".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(read(&wide, None).unwrap(), expected);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all("ä€b".as_bytes()).unwrap();
    assert_eq!(read(&packed.finish().unwrap(), None).unwrap(), expected);
    // A character may lie across the pieces in which a file is read.
    for pad in 65_530..65_540 {
        let text = format!("{}€ä", "a".repeat(pad));
        assert_eq!(rows(&open(&text, usize::MAX).targets[0])[0].chars().last(), Some('ä'));
    }

    let byte = "found the byte 0xE4; set `encoding = \"latin-1\"` if the file is in Windows-1252 or Latin-1";
    assert_eq!(
        folder.error(read(b"ab\nc\xe4d", None)),
        format!("x.txt, line 2: character 2 of the line: expected UTF-8, {byte}")
    );
    assert_eq!(
        folder.error(read(b"ab\xe4", None)),
        format!("x.txt, line 1: character 3 of the line: expected UTF-8, {byte}")
    );
    let zero = "expected text, found a zero byte, as in files that are damaged or not text; \
                `unit = \"bytes\"` reads any file";
    assert_eq!(
        folder.error(read(b"abc\nd\0ef\0", None)),
        format!("x.txt, line 2: character 2 of the line: {zero}")
    );
    let none = "x.txt: expected a text of at least 2 characters, found an empty file";
    assert_eq!(folder.error(read(b"", None)), none);
    let encoding = Some(Encoding::Latin1);
    let error = Text { unit: Unit::Bytes, encoding, ..of(&folder, 9) }.check().unwrap_err();
    assert_eq!(error.setting, "encoding");
    assert!(of(&folder, 0).check().is_err());
}

#[test]
fn a_file_of_running_text_is_told_from_a_table() {
    let folder = Folder::new();
    let looks = |bytes: &[u8]| looks_like_text(&folder.write("x.txt", bytes)).unwrap();
    let long = "It was the best of times, it was the worst of times.\n".repeat(3000);
    assert!(looks(long.as_bytes()));
    let table = "1.5 2.5 yes\n".repeat(9000);
    assert!(!looks(table.as_bytes()));
    assert!(!looks(b"1 1:0.5 3:2\n-1 2:1\n"));
    assert!(!looks(b"\0\x01\x02"));
    let wide: Vec<u8> = "Grüße, Welt\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(looks(&wide));
    assert!(looks_like_text(&folder.path("none.txt")).is_err());
}

proptest! {
    /// Whatever a file holds, rows and their targets are its units in their order, or there is an error.
    #[test]
    fn any_text_is_read_back(text in "[^\0]{2,40}", length in 1_usize..9) {
        // A mark at the beginning is none of the text, and zeros aside, no such text begins as UTF-16.
        prop_assume!(!text.starts_with('\u{feff}'));
        let table = open(&text, length);
        let last = text.char_indices().last().unwrap().0;
        prop_assert_eq!(rows(&table.inputs[0]).concat(), &text[..last]);
        let first = text.chars().next().unwrap().len_utf8();
        prop_assert_eq!(rows(&table.targets[0]).concat(), &text[first..]);
        prop_assert!(rows(&table.inputs[0]).iter().all(|row| row.chars().count() <= length));
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        let folder = Folder::new();
        folder.write("x.txt", &bytes);
        survives(&of(&folder, 7));
        survives(&Text { unit: Unit::Bytes, ..of(&folder, 7) });
        looks_like_text(&folder.path("x.txt")).unwrap();
    }
}
