//! Generated arrays come back, and damaged ones are survived.

use super::npy;
use crate::files::{Folder, survives};
use proptest::prelude::*;
use tanren_data::{Npy, NpyArray};
use tanren_plugin::Values;

fn arrays() -> impl Strategy<Value = NpyArray> {
    let shape = prop::collection::vec(1_usize..5, 1..=5);
    (shape, 0..4, any::<u64>()).prop_map(|(shape, kind, seed)| {
        let count = shape.iter().product::<usize>() as u64;
        let words = (0..count).map(|i| (i + 1).wrapping_mul(seed | 1));
        let values = match kind {
            0 => Values::Bytes(words.map(|w| w as u8).collect()),
            1 => Values::Single(words.map(|w| w as u32 as f32 / 7.0).collect()),
            2 => Values::Indices(words.map(|w| w as u32).collect()),
            _ => Values::Double(words.map(|w| w as f64 / 7.0).collect()),
        };
        NpyArray { shape, values }
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(array in arrays(), packed: bool) {
        let folder = Folder::new();
        let path = folder.path(if packed { "x.npy.gz" } else { "x.npy" });
        array.write(&path).unwrap();
        prop_assert_eq!(std::fs::read(&path).unwrap().starts_with(&[0x1f, 0x8b]), packed);
        prop_assert_eq!(NpyArray::read(&path).unwrap(), array);
    }

    /// An array of two dimensions is the same in either order.
    #[test]
    fn both_orders_are_read(rows in 1_usize..6, columns in 1_usize..6) {
        let folder = Folder::new();
        let shape = format!("({rows}, {columns})");
        let header = format!("{{'descr': '|u1', 'fortran_order': True, 'shape': {shape}}}");
        let at = |row: usize, column: usize| (10 * row + column) as u8;
        let down: Vec<u8> = (0..columns).flat_map(|c| (0..rows).map(move |r| at(r, c))).collect();
        let along: Vec<u8> = (0..rows).flat_map(|r| (0..columns).map(move |c| at(r, c))).collect();
        let read = NpyArray::read(folder.write("x", npy(&header, &down))).unwrap();
        prop_assert_eq!(read.values, Values::Bytes(along));
    }

    #[test]
    fn damaged_files_are_survived(
        array in arrays(),
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte: u8,
        target in prop::option::of(-3_i32..3),
    ) {
        let folder = Folder::new();
        array.write(folder.path("x")).unwrap();
        let mut bytes = std::fs::read(folder.path("x")).unwrap();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        bytes.truncate(cut.index(2 * bytes.len())); // half of them stay whole
        let mut source = Npy::new(folder.write("y", &bytes));
        source.target = target.map(|column: i32| column.to_string());
        survives(&source);
        source.target = Some(source.path.display().to_string());
        survives(&source);
    }

    #[test]
    fn any_header_is_survived(text in "[{}()\\[\\]:, '\"0-9a-z<>|é]{0,60}", whole: bool) {
        let folder = Folder::new();
        let text = if whole { format!("{{'descr':'<f8','shape':(1,),{text}}}") } else { text };
        survives(&Npy::new(folder.write("x", npy(&text, &[0; 8]))));
        survives(&Npy::new(folder.write("x", text)));
    }
}
