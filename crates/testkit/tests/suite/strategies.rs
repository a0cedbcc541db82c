//! The strategies draw what they promise.

use proptest::prelude::*;
use tanren_testkit::strategies::{extents, images, masks, shapes, vectors, weights, wild_vectors};

proptest! {
    #[test]
    fn masks_are_ragged(
        (extent, mask) in extents().prop_flat_map(|e| masks(e).prop_map(move |m| (e, m)))
    ) {
        prop_assert_eq!(mask.len(), extent.examples * extent.steps);
        let steps: Vec<&[f64]> = mask.chunks(extent.examples).collect();
        prop_assert!(steps[0].iter().all(|&w| w == 1.0));
        for pair in steps.windows(2) {
            prop_assert!(pair[0].iter().zip(pair[1]).all(|(before, after)| before >= after));
        }
    }

    #[test]
    fn weights_have_a_positive_sum(w in (1..9usize).prop_flat_map(weights)) {
        prop_assert!(w.iter().sum::<f64>() > 0.0 && w.iter().all(|&w| w >= 0.0));
    }

    #[test]
    fn shapes_and_numbers_are_valid(
        shape in shapes(), image in images(), v in vectors(3..6), wild in wild_vectors(4)
    ) {
        prop_assert!(shape.features > 0 && !shape.indices);
        let (height, width) = image.grid.unwrap();
        prop_assert_eq!(image.features % (height * width), 0);
        prop_assert!((3..6).contains(&v.len()) && wild.len() == 4);
        prop_assert!(v.iter().chain(&wild).all(|x| x.is_finite()));
    }
}
