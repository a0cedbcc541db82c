//! The order of rows: batches of about the same length.

use crate::harness::{field, offsets, prepared, random, table};
use tanren::network::Prepared;
use tanren::plugin::{Batches as _, Phase, Seed, Values};
use tanren::tensor::Shape;
use tanren::trainer::{Order, RowBatches};

const ROWS: usize = 103;
const SIZE: usize = 10;

/// Sequences of 1 to 40 steps.
fn sequences() -> Prepared<f64> {
    let lengths: Vec<usize> = (0..ROWS).map(|row| 1 + (row * 17) % 40).collect();
    let columns = lengths.iter().sum();
    let numbers = random(Shape::sequence(1), columns, 1);
    let input = field("x", Shape::sequence(1), numbers, offsets(&lengths));
    let target = field("y", Shape::vector(1), Values::Double(vec![0.0; ROWS]), None);
    prepared(&table(ROWS, input, target, None))
}

/// The rows of each batch of an epoch, and the steps of its longest.
fn batches(data: &Prepared<f64>, order: Order, epoch: u64) -> Vec<(Vec<u64>, usize)> {
    let rows: Vec<usize> = (0..ROWS).collect();
    let mut batches = RowBatches::new(data, &rows, SIZE, order, (Seed(5), Phase::Training));
    let load = |index| {
        batches.load(epoch, index);
        let batch = batches.batch();
        (batch.samples.to_vec(), batch.extent.steps)
    };
    (0..ROWS.div_ceil(SIZE)).map(load).collect()
}

#[test]
fn rows_of_a_length_share_a_batch() {
    let data = sequences();
    let padded = |order| -> usize {
        batches(&data, order, 0).iter().map(|(rows, steps)| rows.len() * steps).sum()
    };
    let steps: usize = (0..ROWS).map(|row| data.steps(row)).sum();
    assert!(padded(Order::ByLength) * 10 < steps * 12, "{} of {steps}", padded(Order::ByLength));
    assert!(padded(Order::Shuffled) * 10 > steps * 15);
}

#[test]
fn every_row_is_seen_once_an_epoch() {
    let data = sequences();
    let epochs: Vec<_> = (0..4).map(|epoch| batches(&data, Order::ByLength, epoch)).collect();
    for epoch in &epochs {
        let mut rows: Vec<u64> = epoch.iter().flat_map(|(rows, _)| rows.clone()).collect();
        rows.sort_unstable();
        assert!(rows.into_iter().eq(0..ROWS as u64));
        let lengths: Vec<usize> = epoch.iter().map(|&(_, steps)| steps).collect();
        assert!(!lengths.is_sorted(), "batches come in any order: {lengths:?}");
    }
    assert_ne!(epochs[0], epochs[1]);
    assert_eq!(epochs[0], batches(&data, Order::ByLength, 0));
    // The rows that are left over are any rows, not always the longest.
    let last = |epoch: &Vec<(Vec<u64>, usize)>| epoch.last().map(|(rows, _)| rows.clone());
    let mut left: Vec<_> = epochs.iter().filter_map(last).collect();
    left.dedup();
    assert_eq!(left.len(), 4, "{left:?}");
}
