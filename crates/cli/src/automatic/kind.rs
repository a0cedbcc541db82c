//! What the target of an automatic recipe is, by which its loss is chosen.

use tanren_plugin::{Domain, Field};

/// What a target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One of several classes.
    Class,
    /// Answers of 0 or 1 to several questions.
    Answers,
    /// Shares that add up to 1, or a class as a column for each.
    Shares,
    /// A number, or several.
    Number,
}

impl Kind {
    /// The kinds of all targets. Whether several numbers are answers or shares follows from all of their
    /// rows, and is asked only of the one target of a table: normalizers of numbers apply to all.
    pub(super) fn of_all(targets: &[Field]) -> Vec<Self> {
        let one = targets.len() == 1;
        let kind = |target: &Field| match target.spec.shape {
            shape if shape.indices => Self::Class,
            shape if one && shape.features > 1 => Self::of_numbers(target),
            _ => Self::Number,
        };
        targets.iter().map(kind).collect()
    }

    fn of_numbers(target: &Field) -> Self {
        let mut row = Vec::new();
        let columns = target.values.len() / target.spec.shape.features;
        let mut all = |domain: Domain| {
            let inside = |column: usize| {
                row.clear();
                target.read(column, &mut row);
                domain.refusal(&row).is_none()
            };
            (0..columns).all(inside)
        };
        if all(Domain::Distribution) {
            Self::Shares
        } else if all(Domain::Binary) {
            Self::Answers
        } else {
            Self::Number
        }
    }
}
