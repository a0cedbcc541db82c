//! The allocator counts right.

use crate::allocator::{Bytes, alone, calls, own_calls};
use std::hint::black_box;

#[test]
fn bytes_are_counted() {
    // Bytes are those of the process: meanwhile the test harness frees a few of its own.
    const HARNESS: usize = 1 << 16;
    let alone = alone();
    let (_, Bytes { peak, total }) = alone.measure(|| {
        drop(black_box(vec![1_u8; 3 << 20]));
        drop(black_box(vec![0_u8; 2 << 20]));
    });
    assert!(((3 << 20) - HARNESS..4 << 20).contains(&peak), "{peak}");
    assert!((5 << 20..6 << 20).contains(&total), "{total}");
    let (_, Bytes { peak, .. }) = alone.measure(|| {
        let mut grown = black_box(vec![1_u8; 1 << 20]);
        grown.reserve_exact(2 << 20);
        black_box(grown)
    });
    assert!(((4 << 20) - HARNESS..5 << 20).contains(&peak), "{peak}");
}

#[test]
fn calls_of_pools_are_counted() {
    let _alone = alone();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let allocate = || drop(black_box(vec![1_u8; 100]));
    let (outside, inside) = pool.install(|| {
        rayon::broadcast(|_| allocate()); // makes room for broadcasts
        let before = calls();
        std::thread::scope(|scope| drop(scope.spawn(|| (0..1000).for_each(|_| allocate()))));
        let outside = calls() - before;
        rayon::broadcast(|_| (0..1000).for_each(|_| allocate()));
        (outside, calls() - before - outside)
    });
    assert!(outside < 1000, "{outside}"); // starting a thread takes a few
    assert!((2000..3000).contains(&inside), "{inside}");
}

#[test]
fn calls_of_a_thread_are_its_own() {
    let before = own_calls();
    drop(black_box(vec![1_u8; 100]));
    assert_eq!(own_calls() - before, 1);
    let elsewhere = || (0..1000).for_each(|_| drop(black_box(vec![1_u8; 100])));
    std::thread::scope(|scope| drop(scope.spawn(elsewhere)));
    assert!(own_calls() - before < 1000); // starting a thread takes a few
}
