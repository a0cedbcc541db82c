//! Files that promise or expand to far more than they are.

use crate::allocator::{Alone, alone};
use crate::{SLACK, open};
use std::fs;
use std::path::{Path, PathBuf};
use tanren::data::{Idx, IdxArray, Npy, NpyArray, SvmLight};
use tanren::plugin::{Plugin, Source, Values};

/// Opens a source, which must say this.
fn refused(alone: &Alone, source: impl Into<Plugin<dyn Source>>, says: &str) {
    let error = open(alone, &*source.into()).unwrap_err();
    assert!(error.message.contains(says), "{error}");
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

/// Zeros that are packed together.
const ZEROS: usize = 16 << 20;

/// How often a bomb repeats them: more than a reader may keep that refuses it.
const BOMB: usize = 2 * SLACK / ZEROS;

/// A file of these bytes and then packed zeros, with damage behind them: a reader that goes on to the
/// end, where gigabytes could be, finds the damage and says so.
fn bomb(folder: &Path, start: &[u8]) -> PathBuf {
    let zeros = folder.join("zeros.gz");
    let array = IdxArray { shape: vec![ZEROS], values: Values::Bytes(vec![0; ZEROS]) };
    array.write(&zeros).unwrap();
    let path = folder.join("bomb.gz");
    let zeros = fs::read(zeros).unwrap().repeat(BOMB);
    fs::write(&path, [stored(start), zeros, vec![255; 100]].concat()).unwrap();
    path
}

/// An npy file of bytes with a shape.
fn npy(shape: &str) -> Vec<u8> {
    let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({shape})}}");
    [b"\x93NUMPY\x01\x00", &(header.len() as u16).to_le_bytes()[..], header.as_bytes()].concat()
}

/// What the bombs below rely on.
#[test]
fn whoever_reads_to_the_end_of_a_bomb_says_so() {
    let (_alone, folder) = (alone(), tempfile::tempdir().unwrap());
    let zeros = (ZEROS + 8) * BOMB; // each time behind a header of 8 bytes
    let header = [&[0, 0, 8, 1][..], &(zeros as u32).to_be_bytes()].concat();
    let error = Idx::new(bomb(folder.path(), &header)).open().unwrap_err();
    assert!(error.message.contains("gzip"), "{error}");
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
