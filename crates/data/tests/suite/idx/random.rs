//! Generated arrays come back, and damaged ones are survived.

use crate::files::{Folder, survives};
use proptest::prelude::*;
use tanren_data::{Idx, IdxArray};
use tanren_plugin::Values;

fn arrays() -> impl Strategy<Value = IdxArray> {
    let shape = prop::collection::vec(1_usize..5, 1..=4);
    (shape, 0..4, any::<u64>()).prop_map(|(shape, kind, seed)| {
        let count = shape.iter().product::<usize>() as u64;
        let words = (0..count).map(|i| (i + 1).wrapping_mul(seed | 1));
        let values = match kind {
            0 => Values::Bytes(words.map(|w| w as u8).collect()),
            1 => Values::Single(words.map(|w| w as u32 as f32 / 7.0).collect()),
            _ => Values::Double(words.map(|w| w as f64 / 7.0).collect()),
        };
        IdxArray { shape, values }
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(array in arrays(), packed: bool) {
        let folder = Folder::new();
        let path = folder.path(if packed { "x.gz" } else { "x" });
        array.write(&path).unwrap();
        prop_assert_eq!(std::fs::read(&path).unwrap().starts_with(&[0x1f, 0x8b]), packed);
        prop_assert_eq!(IdxArray::read(&path).unwrap(), array);
        prop_assert_eq!(std::fs::read_dir(folder.root()).unwrap().count(), 1);
    }

    #[test]
    fn damaged_files_are_survived(
        array in arrays(),
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte: u8,
        packed: bool,
    ) {
        let folder = Folder::new();
        let path = folder.path(if packed { "x.gz" } else { "x" });
        array.write(&path).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        bytes.truncate(cut.index(2 * bytes.len())); // half of them stay whole
        survives(&Idx::new(folder.write("y", &bytes)));
        survives(&Idx::new(folder.path("y")).labels(folder.path("y")));
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..100), header: bool) {
        let folder = Folder::new();
        let bytes = if header { [&[0, 0, 8, 2][..], &bytes].concat() } else { bytes };
        survives(&Idx::new(folder.write("x", &bytes)));
    }
}
