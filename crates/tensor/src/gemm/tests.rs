//! Products against the definition, for all kinds of registers, shapes and strides.

use super::stationary::{affine, stationary};
use super::*;
use crate::{mat, mat_mut};
use nalgebra::{Dyn, MatrixView, MatrixViewMut};
use proptest::prelude::*;

/// Where the numbers of a matrix lie: first its rows or its columns, with gaps or without.
#[derive(Clone, Copy, Debug)]
struct Lie {
    turned: bool,
    gap: usize,
    spread: usize,
}

impl Lie {
    fn strides(self, rows: usize, columns: usize) -> (usize, usize) {
        let inner = self.spread;
        match self.turned {
            false => (inner, inner * rows + self.gap),
            true => (inner * columns + self.gap, inner),
        }
    }

    fn len(self, rows: usize, columns: usize) -> usize {
        let (down, along) = self.strides(rows, columns);
        rows * down + columns * along + 1
    }
}

fn lie() -> impl Strategy<Value = Lie> {
    (any::<bool>(), 0..3usize, 1..3usize).prop_map(|(turned, gap, spread)| Lie {
        turned,
        gap,
        spread,
    })
}

fn view<T: Real>(data: &[T], (rows, columns): (usize, usize), lie: Lie) -> Mat<'_, T> {
    let (down, along) = lie.strides(rows, columns);
    MatrixView::from_slice_with_strides_generic(
        data,
        Dyn(rows),
        Dyn(columns),
        Dyn(down),
        Dyn(along),
    )
}

/// A product with every kind of registers, against one chain of `mul_add` per element, to the bit;
/// numbers between those of C stay as they were.
fn check<T: Real>(m: usize, n: usize, k: usize, lies: [Lie; 3], write: Write, piece: usize) {
    let numbers = |len: usize, seed: f64| -> Vec<T> {
        (0..len).map(|i| T::of((i as f64 * 0.37 + seed).sin())).collect()
    };
    let a = numbers(lies[0].len(m, k), 0.0);
    let b = numbers(lies[1].len(k, n), 1.0);
    let start = numbers(lies[2].len(m, n), 2.0);
    let (a, b) = (view(&a, (m, k), lies[0]), view(&b, (k, n), lies[1]));

    let mut expected = start.clone();
    let (down, along) = lies[2].strides(m, n);
    for j in 0..n {
        for i in 0..m {
            let c = &mut expected[i * down + j * along];
            let first = if write == Write::Add { *c } else { T::ZERO };
            *c = (0..k).fold(first, |sum, p| a[(i, p)].mul_add(b[(p, j)], sum));
        }
    }
    type Product<'a, T> = &'a dyn Fn(Registers, MatMut<'_, T>);
    let products: [Product<'_, T>; 2] =
        [&|registers, c| orient(registers, piece, write, a, b, c), &|registers, c| {
            LeftOperand::with(registers, a).times(write, b, c)
        }];
    for (registers, product) in Registers::all().into_iter().flat_map(|r| products.map(|p| (r, p)))
    {
        let mut c = start.clone();
        product(
            registers,
            MatrixViewMut::from_slice_with_strides_generic(
                &mut c,
                Dyn(m),
                Dyn(n),
                Dyn(down),
                Dyn(along),
            ),
        );
        let same = c.iter().zip(&expected).all(|(x, y)| x.f64().to_bits() == y.f64().to_bits());
        assert!(same, "{registers:?}: {m} × {n}, {k} links, {lies:?}, {write:?}");
    }
}

proptest! {
    #[test]
    fn agrees_with_the_definition(m in 0..70usize, n in 0..40usize, k in 0..40usize,
                                  lies in [lie(), lie(), lie()], add: bool, cut: bool) {
        let write = if add { Write::Add } else { Write::Overwrite };
        // Cut as far as can be, or not at all.
        let piece = if cut { 1 } else { usize::MAX };
        check::<f32>(m, n, k, lies, write, piece);
        check::<f64>(m, n, k, lies, write, piece);
    }
}

/// A dimension of a matrix: often small, sometimes up to 10,000.
fn dimension() -> impl Strategy<Value = usize> {
    prop_oneof![3 => 0..=40usize, 1 => 41..=1_000usize, 1 => 1_001..=10_000usize]
}

/// Three dimensions of a product that can be checked in a moment: the largest are made smaller.
fn dimensions() -> impl Strategy<Value = [usize; 3]> {
    [dimension(), dimension(), dimension()].prop_map(|mut sizes| {
        while sizes.iter().product::<usize>() > 1 << 20 {
            let largest = (0..3).max_by_key(|&i| sizes[i]).unwrap();
            sizes[largest] /= 2;
        }
        sizes
    })
}

/// A matrix to write to, column by column or, turned, row by row.
fn target<T: Real>(data: &mut [T], (rows, columns): (usize, usize), turned: bool) -> MatMut<'_, T> {
    match turned {
        false => mat_mut(data, rows, columns),
        true => transposed_mut(mat_mut(data, columns, rows)),
    }
}

/// Every public product function against the definition, to the bit. Matrices lie column by column
/// or, turned, row by row.
fn check_public<T: Real>([m, n, k]: [usize; 3], turned: [bool; 3], write: Write, ahead: bool) {
    use crate::{Signal, SignalMut};
    let numbers = |len: usize, seed: f64| -> Vec<T> {
        (0..len).map(|i| T::of((i as f64 * 0.37 + seed).sin())).collect()
    };
    let (a, b, start) = (numbers(m * k, 0.0), numbers(k * n, 1.0), numbers(m * n, 2.0));
    let matrix = |data, (rows, columns): (usize, usize), turned| match turned {
        false => mat(data, rows, columns),
        true => transposed(mat(data, columns, rows)),
    };
    let a = matrix(&a, (m, k), turned[0]);
    let chain = |b: Mat<'_, T>, i: usize, j: usize, first: T, links: std::ops::Range<usize>| {
        links.fold(first, |sum, p| a[(i, p)].mul_add(b[(p, j)], sum))
    };
    let compare = |name: &str, found: &[T], expected: &dyn Fn(usize, usize, T) -> T, turned| {
        for (at, (found, &start)) in found.iter().zip(&start).enumerate() {
            let (i, j) = if turned { (at / n, at % n) } else { (at % m, at / m) };
            let first = if write == Write::Add { start } else { T::ZERO };
            let same = found.f64().to_bits() == expected(i, j, first).f64().to_bits();
            assert!(same, "{name}: {m} × {n}, {k} links, {turned}, {write:?}");
        }
    };

    let turned_b = matrix(&b, (k, n), turned[1]);
    let expected = |i: usize, j: usize, first: T| chain(turned_b, i, j, first, 0..k);
    let mut c = start.clone();
    gemm(write, a, turned_b, target(&mut c, (m, n), turned[2]));
    compare("gemm", &c, &expected, turned[2]);
    let mut c = start.clone();
    LeftOperand::new(a).times(write, turned_b, target(&mut c, (m, n), turned[2]));
    compare("times", &c, &expected, turned[2]);
    let mut c = start.clone();
    let (next, none): (_, [T; 0]) = (start.as_slice(), []);
    let next = if ahead { [next, &none, next] } else { [&none[..]; 3] };
    LeftOperand::new(a).times_before(write, turned_b, target(&mut c, (m, n), turned[2]), &next);
    compare("times_before", &c, &expected, turned[2]);

    if m > 0 && k > 0 {
        let x = Signal::new(&b, k);
        let mut y = start.clone();
        gemm_stationary(write, a, x, &mut SignalMut::new(&mut y, m));
        let half = super::stationary::cut(a).unwrap_or(k);
        let expected = |i: usize, j: usize, first: T| {
            let sum = chain(x.matrix(), i, j, first, 0..half);
            if half < k { sum + chain(x.matrix(), i, j, T::ZERO, half..k) } else { sum }
        };
        compare("gemm_stationary", &y, &expected, false);

        let column = &start[..m.min(start.len())];
        let (mut y, mut repeated) = (start.clone(), start.clone());
        if !column.is_empty() {
            gemm_affine(column, a, x, &mut SignalMut::new(&mut y, m));
            repeated.chunks_mut(m).for_each(|to| to.copy_from_slice(column));
            gemm_stationary(Write::Add, a, x, &mut SignalMut::new(&mut repeated, m));
            let same = y.iter().zip(&repeated).all(|(y, r)| y.f64().to_bits() == r.f64().to_bits());
            assert!(same, "gemm_affine: {m} × {n}, {k} links");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_public_product_takes_every_shape(
        sizes in dimensions(), turned: [bool; 3], add: bool, ahead: bool
    ) {
        let write = if add { Write::Add } else { Write::Overwrite };
        check_public::<f32>(sizes, turned, write, ahead);
        check_public::<f64>(sizes, turned, write, ahead);
    }
}

/// Few columns, or few rows, in a matrix that is large all the same.
#[test]
fn narrow_large_matrices() {
    for (narrow, long) in (0..=40).map(|narrow| (narrow, 8_192)) {
        check_public::<f32>([long, 3, narrow], [false; 3], Write::Overwrite, false);
        check_public::<f32>([narrow, 3, long], [false; 3], Write::Add, true);
    }
}

#[test]
fn long_chains_and_far_columns() {
    let dense = |turned| Lie { turned, gap: 0, spread: 1 };
    for turned in [false, true] {
        let lies = [dense(turned), dense(!turned), dense(turned)];
        check::<f32>(300, 20, 1100, lies, Write::Overwrite, PIECE);
        check::<f32>(20, 300, 1100, lies, Write::Add, PIECE);
        // Few columns, for which those of A are read side by side.
        for n in [1, 3, 8] {
            check::<f32>(300, n, 250, lies, Write::Overwrite, PIECE);
            check::<f64>(1001, n, 70, lies, Write::Add, PIECE);
        }
        check::<f64>(260, 140, 33, lies, Write::Add, 1 << 16);
        check::<f32>(220, 1100, 600, lies, Write::Overwrite, PIECE);
    }
}

#[test]
fn threads_never_change_a_bit() {
    let (m, n, k) = (167, 301, 129);
    let a: Vec<f32> = (0..m * k).map(|i| (i as f32 * 0.37).sin()).collect();
    let b: Vec<f32> = (0..k * n).map(|i| (i as f32 * 0.71).cos()).collect();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut c = vec![0.0; m * n];
        pool.install(|| {
            gemm(Write::Overwrite, mat(&a, m, k), mat(&b, k, n), mat_mut(&mut c, m, n));
        });
        c
    };
    let one = run(1);
    for threads in [2, 3, 8] {
        assert_eq!(one, run(threads), "{threads} threads");
    }
}

#[test]
fn a_stationary_product_is_the_sum_of_two_chains() {
    use crate::{Signal, SignalMut};
    let (m, n, k) = (96, 40, 400);
    let half = 208; // the first so many registers of the two halves of 25
    let a: Vec<f32> = (0..m * k).map(|i| (i as f32 * 0.37).sin()).collect();
    let x: Vec<f32> = (0..k * n).map(|i| (i as f32 * 0.71).cos()).collect();
    let start: Vec<f32> = (0..m * n).map(|i| i as f32 * 0.01).collect();
    let chain = |i: usize, j: usize, links: std::ops::Range<usize>, first: f32| {
        links.fold(first, |sum, p| a[i + p * m].mul_add(x[p + j * k], sum))
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let writes = [Write::Add, Write::Overwrite];
    for (registers, write) in Registers::all().into_iter().flat_map(|r| writes.map(|w| (r, w))) {
        let mut y = start.clone();
        pool.install(|| {
            let y = &mut SignalMut::new(&mut y, m);
            stationary(registers, write, mat(&a, m, k), Signal::new(&x, k), y);
        });
        let mut alone = start.clone();
        crate::alone(|| {
            let y = &mut SignalMut::new(&mut alone, m);
            stationary(registers, write, mat(&a, m, k), Signal::new(&x, k), y);
        });
        assert_eq!(alone, y);
        for (at, y) in y.into_iter().enumerate() {
            let (i, j) = (at % m, at / m);
            let first = if write == Write::Add { start[at] } else { 0.0 };
            assert_eq!(y, chain(i, j, 0..half, first) + chain(i, j, half..k, 0.0));
        }
        let (column, mut y) = (&start[..m], start.clone());
        let signal = &mut SignalMut::new(&mut y, m);
        affine(registers, column, mat(&a, m, k), Signal::new(&x, k), signal);
        for (at, y) in y.into_iter().enumerate() {
            let (i, j) = (at % m, at / m);
            assert_eq!(y, chain(i, j, 0..half, column[i]) + chain(i, j, half..k, 0.0));
        }
    }
}

#[test]
fn a_column_of_a_stationary_product_is_the_same_in_any_company() {
    use crate::{Signal, SignalMut};
    let (m, n, k) = (128, 300, 256);
    let a: Vec<f32> = (0..m * k).map(|i| (i as f32 * 0.37).sin()).collect();
    let x: Vec<f32> = (0..k * n).map(|i| (i as f32 * 0.71).cos()).collect();
    let run = |x: &[f32]| {
        let mut y = vec![0.0; x.len() / k * m];
        let signal = &mut SignalMut::new(&mut y, m);
        gemm_stationary(Write::Overwrite, mat(&a, m, k), Signal::new(x, k), signal);
        y
    };
    let all = run(&x);
    for (alone, together) in x.chunks(k).zip(all.chunks(m)).step_by(37) {
        assert_eq!(run(alone), together);
    }
}

#[test]
fn other_products_are_not_cut() {
    use crate::{Signal, SignalMut};
    // Small, or lying row by row.
    for (m, n, k, turned) in [(8, 8, 400, false), (96, 40, 400, true)] {
        let a: Vec<f32> = (0..m * k).map(|i| (i as f32 * 0.37).sin()).collect();
        let x: Vec<f32> = (0..k * n).map(|i| (i as f32 * 0.71).cos()).collect();
        let a = if turned { transposed(mat(&a, k, m)) } else { mat(&a, m, k) };
        let (mut y, mut expected) = (vec![0.0; m * n], vec![0.0; m * n]);
        gemm(Write::Overwrite, a, mat(&x, k, n), mat_mut(&mut expected, m, n));
        let write = Write::Overwrite;
        gemm_stationary(write, a, Signal::new(&x, k), &mut SignalMut::new(&mut y, m));
        assert_eq!(y, expected);
    }
}
