//! What a loss accepts as target: the checks that several losses share.

use tanren_tensor::{Shape, ShapeError};

/// A target of at least one number per column: how many.
pub(crate) fn numbers(target: Shape) -> Result<usize, ShapeError> {
    if target.indices {
        let expected = "numbers as the target (for classes: cross-entropy, or one-hot targets)";
        return Err(ShapeError::new(expected, target));
    }
    if target.features == 0 {
        return Err(ShapeError::new("at least one number as the target", target));
    }
    Ok(target.features)
}

/// Numbers, or one class of two, which counts as one number. `several` names a loss for more classes.
pub(crate) fn numbers_or_two_classes(target: Shape, several: &str) -> Result<usize, ShapeError> {
    match (target.indices, target.features) {
        (true, 2) => Ok(1),
        (true, _) => {
            let expected = format!("two classes as the target ({several} takes more)");
            Err(ShapeError::new(expected, target))
        }
        (false, _) => numbers(target),
    }
}

/// A class of several, or a number for each of them: how many. `one` names a loss for one number.
pub(crate) fn classes(target: Shape, one: &str) -> Result<usize, ShapeError> {
    if target.features < 2 {
        // The softmax of one output is always 1: nothing could be learnt.
        let expected = format!("at least 2 classes as the target ({one} takes one number)");
        return Err(ShapeError::new(expected, target));
    }
    Ok(target.features)
}

/// Several labels, each of which is set or not: how many.
pub(crate) fn labels(target: Shape) -> Result<usize, ShapeError> {
    if target.indices || target.features < 2 {
        let expected = "at least 2 labels, each 0 or 1, as the target";
        return Err(ShapeError::new(expected, target));
    }
    Ok(target.features)
}
