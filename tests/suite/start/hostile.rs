//! Files of other programs that somebody broke on purpose: each is refused with a reason, and none
//! brings the program down.

use super::{pytorch, reference};
use proptest::prelude::*;
use std::fs;
use tanren::network::Tensors;
use tanren::prelude::*;

/// What starting from these bytes says.
fn start(bytes: &[u8]) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    fs::write(&path, bytes).unwrap();
    let (recipe, table, _) = pytorch();
    let recipe = recipe.start(StartSpec::new(&path).named("dense-*", "fc*").on(Select::default()));
    match recipe.prepare_table(table) {
        Ok(_) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}

fn good() -> Vec<u8> {
    fs::read(reference("transfer.safetensors")).unwrap()
}

/// The file with another header.
fn header(text: &str, data: &[u8]) -> Vec<u8> {
    [&(text.len() as u64).to_le_bytes(), text.as_bytes(), data].concat()
}

#[test]
fn every_cut_is_refused() {
    let bytes = good();
    assert_eq!(start(&bytes), Ok(()));
    for cut in 0..bytes.len() {
        assert!(start(&bytes[..cut]).is_err(), "cut at {cut}");
    }
}

/// Sizes that no memory has, ranges beyond the file, lengths that are not those of the shape.
#[test]
fn headers_that_promise_too_much() {
    let tensor = |dtype: &str, shape: &str, range: &str| {
        format!(r#"{{"fc1.weight":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{range}}}}}"#)
    };
    let most = u64::MAX;
    let cases = [
        (tensor("F32", "[5,4]", "[0,80000000000]"), 80),
        (tensor("F32", &format!("[{most},{most}]"), "[0,80]"), 80),
        (tensor("F32", "[5,4]", "[80,0]"), 80),
        (tensor("F32", "[5,4]", "[0,79]"), 79),
        (tensor("F32", "[5,4]", "[0,80]"), 79),
        (tensor("F16", "[5,4]", "[0,80]"), 80),
        (tensor("F99", "[5,4]", "[0,80]"), 80),
        (tensor("F32", "[-5,4]", "[0,80]"), 80),
        (tensor("F32", "[5,4", "[0,80]"), 80),
        (tensor("F4", "[3]", "[0,2]"), 2),
        ("{}".into(), 0),
        ("{".repeat(100_000), 0),
        (format!("{}{}", r#"{"a":"#.repeat(50_000), "}".repeat(50_000)), 0),
    ];
    for (text, length) in cases {
        let shown: String = text.chars().take(80).collect();
        let error = start(&header(&text, &vec![0; length])).expect_err(&shown);
        assert!(error.starts_with("start[0]."), "{shown}: {error}");
    }
    let mut long = good();
    long[..8].copy_from_slice(&u64::MAX.to_le_bytes());
    assert!(start(&long).is_err());
}

/// Types of numbers that hold no weights, and numbers that are none.
#[test]
fn numbers_that_cannot_be_weights() {
    let tensor = |dtype: &str| {
        format!(r#"{{"fc1.bias":{{"dtype":"{dtype}","shape":[5],"data_offsets":[0,20]}}}}"#)
    };
    let error = start(&header(&tensor("I32"), &[0; 20])).unwrap_err();
    assert!(error.contains("expected numbers of type F32, F64, F16 or BF16"), "{error}");
    assert!(error.contains("found I32 in tensor \"fc1.bias\""), "{error}");
    let error = start(&header(&tensor("F32"), &[0xff; 20])).unwrap_err();
    assert!(error.contains("expected finite numbers for the block dense-1.bias"), "{error}");
    assert!(error.contains("found 5 that are not in tensor"), "{error}");
}

/// Half precision to single precision: every number of the first is one of the second.
#[test]
fn every_half_is_read_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("halves.safetensors");
    let text = r#"{"a":{"dtype":"F16","shape":[63488],"data_offsets":[0,126976]}}"#;
    let finite = |bits: &u16| bits >> 10 & 31 != 31;
    let halves: Vec<u16> = (0..=u16::MAX).filter(finite).collect();
    let data: Vec<u8> = halves.iter().flat_map(|bits| bits.to_le_bytes()).collect();
    fs::write(&path, header(text, &data)).unwrap();
    let file = Tensors::open(&path).unwrap();
    let block = tanren::plugin::Block::new("n", "b", BlockKind::Bias, (halves.len(), 1));
    let read = file.block("a", &block, None).unwrap();
    for (bits, value) in halves.iter().zip(read.values.slice().iter()) {
        let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
        let magnitude = match exponent {
            0 => fraction * 2.0_f64.powi(-24),
            _ => (1024.0 + fraction) * 2.0_f64.powi(exponent - 25),
        };
        let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
        assert_eq!(value, sign * magnitude, "{bits:04x}");
    }
}

proptest! {
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(start(&bytes).is_err());
    }

    /// A flipped bit may make another number, but no panic.
    #[test]
    fn any_flipped_bits(at in proptest::collection::vec(any::<proptest::sample::Index>(), 1..4)) {
        let mut bytes = good();
        for index in at {
            let bit = index.index(8 * bytes.len());
            bytes[bit / 8] ^= 1 << (bit % 8);
        }
        drop(start(&bytes));
    }
}

/// A number that single precision does not hold is refused there, and taken in double precision.
#[test]
fn numbers_beyond_single_precision() {
    let text = r#"{"dense-3.bias":{"dtype":"F64","shape":[3],"data_offsets":[0,24]}}"#;
    let values: Vec<u8> = [1.0, 1e300, -2.0].iter().flat_map(|x: &f64| x.to_le_bytes()).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    fs::write(&path, header(text, &values)).unwrap();
    let (recipe, table, _) = pytorch();
    let recipe = recipe.start(StartSpec::new(&path));
    let single = recipe.clone().precision(Arithmetic::Single).prepare_table(table.clone());
    let error = single.unwrap_err().to_string();
    let expected = "start[0].from: expected numbers of single precision for the block dense-3.bias; \
                    precision = \"double\" holds larger ones, found 1e300 in ";
    assert!(error.starts_with(expected), "{error}");
    assert!(recipe.precision(Arithmetic::Double).prepare_table(table).is_ok());
}
