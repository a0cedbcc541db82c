//! `halves`: cuts numbers in two between groups of them, where the work is worth sharing.

use tanren_tensor::{Cut, worth_sharing};

/// Numbers, and the number of the group of `width` with which they begin, as they are; or two halves of
/// whole groups, where each number takes as long as moving `cost` of them and that is worth sharing.
pub(crate) fn halves<T>(
    (first, numbers): (usize, &mut [T]),
    width: usize,
    cost: usize,
) -> Cut<(usize, &mut [T])> {
    let groups = numbers.len() / width / 2;
    if groups == 0 || !worth_sharing(cost * numbers.len()) {
        return Cut::One((first, numbers));
    }
    let (one, other) = numbers.split_at_mut(groups * width);
    Cut::Two((first, one), (first + groups, other))
}
