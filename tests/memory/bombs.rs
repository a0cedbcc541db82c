//! Files that promise or expand to far more than they are.

use crate::allocator::{Alone, alone};
use crate::open;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tanren::data::{Idx, IdxArray, Npy, NpyArray, SvmLight};
use tanren::plugin::{Plugin, Source, Values};

/// How long a refusal may take, on a slow machine.
const SOON: Duration = Duration::from_secs(10);

/// Bytes that a bomb has on disk.
const BOMB: usize = 8 << 20;

/// Opens a source, which must say this soon and cheaply.
fn refused(alone: &Alone, source: impl Into<Plugin<dyn Source>>, says: &str) {
    let (source, start) = (source.into(), Instant::now());
    let error = open(alone, &*source).unwrap_err();
    assert!(error.message.contains(says), "{error}");
    assert!(start.elapsed() < SOON, "{:?} until {error}", start.elapsed());
}

/// Bytes as gzip, not packed at all.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 0 { crc >> 1 } else { crc >> 1 ^ 0xedb8_8320 };
        }
    }
    let length = bytes.len() as u16;
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255, 1];
    file.extend([length.to_le_bytes(), (!length).to_le_bytes()].concat());
    file.extend(bytes);
    file.extend([(!crc).to_le_bytes(), u32::from(length).to_le_bytes()].concat());
    file
}

/// A file of these bytes and then a bomb: packed zeros, again and again, gigabytes of them.
fn bomb(folder: &Path, start: &[u8]) -> PathBuf {
    let zeros = folder.join("zeros.gz");
    let array = IdxArray { shape: vec![16 << 20], values: Values::Bytes(vec![0; 16 << 20]) };
    array.write(&zeros).unwrap();
    let zeros = fs::read(zeros).unwrap();
    assert!(BOMB / zeros.len() * (16 << 20) > 4 << 30, "{} bytes are no bomb", zeros.len());
    let path = folder.join("bomb.gz");
    fs::write(&path, [stored(start), zeros.repeat(BOMB / zeros.len())].concat()).unwrap();
    path
}

/// An npy file of bytes with a shape.
fn npy(shape: &str) -> Vec<u8> {
    let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({shape})}}");
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes()].concat()
}

#[test]
fn what_expands_behind_a_short_file_is_refused() {
    let (alone, folder) = (alone(), tempfile::tempdir().unwrap());
    let idx = bomb(folder.path(), &[0, 0, 8, 1, 0, 0, 0, 2, 5, 6]);
    refused(&alone, Idx::new(idx), "expected 2 bytes of data, found more");
    let array = bomb(folder.path(), &[npy("2,"), vec![5, 6]].concat());
    refused(&alone, Npy::new(array), "expected 2 bytes of data, found more");
    let line = bomb(folder.path(), b"1 1:1\n");
    refused(&alone, SvmLight::new(line), "expected at most 8 MiB in a line, found more");
}

#[test]
fn headers_that_promise_too_much_are_refused() {
    let (alone, folder) = (alone(), tempfile::tempdir().unwrap());
    let most = "expected at most 8 GiB of numbers";
    let idx = [&[0, 0, 8, 3][..], &[255; 12]].concat();
    refused(&alone, Idx::new(bomb(folder.path(), &idx)), most);
    refused(&alone, Npy::new(bomb(folder.path(), &npy("8589934593, 1"))), most);
}

#[test]
fn headers_that_promise_much_over_little_cost_nothing() {
    let (alone, folder) = (alone(), tempfile::tempdir().unwrap());
    let says = "expected 8589934592 bytes of data, found 3";
    for packed in [false, true] {
        let file = |bytes: &[u8]| {
            let bytes = if packed { stored(bytes) } else { bytes.to_vec() };
            fs::write(folder.path().join("x"), bytes).unwrap();
            folder.path().join("x")
        };
        let header = [&[0, 0, 8, 2, 0, 32, 0, 0, 0, 0, 16, 0][..], &[1, 2, 3]].concat();
        refused(&alone, Idx::new(file(&header)), says);
        refused(&alone, Npy::new(file(&[npy("8589934592,"), vec![1, 2, 3]].concat())), says);
    }
}

/// The highest index, a long line, and features too many to have names.
#[test]
fn rows_as_wide_as_can_be_cost_what_they_are() {
    let (alone, folder) = (alone(), tempfile::tempdir().unwrap());
    let path = folder.path().join("x");
    fs::write(&path, "0 1:1\n1 1000000:1\n").unwrap();
    assert_eq!(open(&alone, &SvmLight::new(&path)).unwrap().inputs[0].width(), 1_000_000);
    fs::write(&path, "0 1:1 ".repeat(1 << 20)).unwrap();
    refused(&alone, SvmLight::new(&path), "expected index:value, found \"0\"");
    let row = NpyArray { shape: vec![1, 1 << 22], values: Values::Bytes(vec![1; 1 << 22]) };
    row.write(&path).unwrap();
    assert!(open(&alone, &Npy::new(&path)).unwrap().inputs[0].spec.features.is_empty());
}
