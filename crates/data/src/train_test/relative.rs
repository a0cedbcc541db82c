//! What two tables are relative to, and what simple rules predict for both.

use tanren_plugin::{DataError, Frame, Reference};

/// The frames of the rows of the first table and then of the second.
///
/// # Errors
/// When a target is relative to something in one of them alone.
pub(super) fn frames(
    names: (&str, &str),
    first: Vec<Option<Frame>>,
    second: Vec<Option<Frame>>,
) -> Result<Vec<Option<Frame>>, DataError> {
    let targets = first.len().max(second.len());
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let next = |frames: &mut std::vec::IntoIter<_>| frames.next().flatten();
    let join = |_| match (next(&mut first), next(&mut second)) {
        (None, None) => Ok(None),
        (Some(mut frame), Some(other)) if frame.exponential == other.exponential => {
            frame.shift.extend(other.shift);
            frame.scale.extend(other.scale);
            Ok(Some(frame))
        }
        _ => {
            let message =
                format!("expected targets that are relative to the same as in {}", names.0);
            Err(DataError::new(names.1, message))
        }
    };
    (0..targets).map(join).collect()
}

/// What rules that both tables have predict for the rows of both.
pub(super) fn references(first: Vec<Reference>, second: Vec<Reference>) -> Vec<Reference> {
    let both = |mut reference: Reference| {
        let same =
            |other: &&Reference| (&other.name, other.target) == (&reference.name, reference.target);
        let other = second.iter().find(same)?;
        reference.values.extend_from_slice(&other.values);
        Some(reference)
    };
    first.into_iter().filter_map(both).collect()
}
