//! Numbers without names, read for a model whose features may have some: by their positions.

use std::path::Path;
use tanren_plugin::{DataError, Feature, Field, FieldSpec, Notation, Origin, Schema};

/// Gives an input the description that a model has of its own: the same numbers may be a row there
/// and a picture here. Whether the features have other names there. What has another size is left
/// for the model to refuse.
///
/// # Errors
/// When the model expects a category or a time.
pub(crate) fn adopt(
    path: &Path,
    input: &mut Field,
    schema: Option<&Schema>,
) -> Result<bool, DataError> {
    let Some(spec) = schema.and_then(|schema| schema.inputs.first()) else { return Ok(false) };
    let other = spec.shape.indices || spec.shape.sequence || input.spec.shape.sequence;
    if other || spec.width() != input.width() {
        return Ok(false);
    }
    for feature in &spec.features {
        let what = match &feature.origin {
            _ if feature.is_category() => "a category",
            Some(Origin { notation: Notation::Time(_), .. }) => "a time",
            _ => continue,
        };
        let message =
            format!("the model expects {what} here, which a file of numbers cannot contain");
        return Err(DataError::new(path.display(), message).column(&feature.name));
    }
    let named = |features: &[Feature]| !features.is_empty();
    let renamed = named(&spec.features)
        && named(&input.spec.features)
        && spec.features != input.spec.features;
    input.spec = spec.clone();
    Ok(renamed)
}

/// What to say where [`adopt`] has found other names.
pub(crate) const NOTE: &str = "the columns have no names that the model knows: they are taken in the order of its training data";

/// Which of `width` columns are the inputs and the target of a model whose own data had as many, without
/// names, and did not need all of them for its inputs.
pub(crate) fn columns(schema: &Schema, width: usize) -> Option<(Vec<usize>, Option<usize>)> {
    let place = |name: &str| name.parse::<usize>().ok().filter(|&column| column < width);
    let spec = schema.inputs.first().filter(|spec| of_all(spec, width))?;
    let inputs = spec.features.iter().map(|feature| place(&feature.name));
    let target = schema.targets.first().and_then(|target| place(&target.name));
    let inputs: Vec<usize> = inputs.collect::<Option<_>>()?;
    inputs.is_sorted_by(|a, b| a < b).then_some((inputs, target))
}

fn of_all(spec: &FieldSpec, width: usize) -> bool {
    spec.positions == Some(width) && spec.width() < width && !spec.features.is_empty()
}
