//! What a layer accepts as input: the checks that several layers share.

use tanren_plugin::{Checked, SettingError};
use tanren_tensor::{Shape, ShapeError};

/// The only input of a layer that has one.
pub(crate) fn single(inputs: &[Shape]) -> Result<Shape, ShapeError> {
    match inputs {
        [input] => Ok(*input),
        _ => Err(ShapeError::new("1 input", format!("{} inputs", inputs.len()))),
    }
}

/// An input with at least one feature or level.
pub(crate) fn filled(input: Shape) -> Result<Shape, ShapeError> {
    if input.features == 0 {
        let expected = if input.indices { "at least 1 level" } else { "at least 1 feature" };
        return Err(ShapeError::new(expected, input));
    }
    Ok(input)
}

/// An input of at least one number per column.
pub(crate) fn numbers(input: Shape) -> Result<Shape, ShapeError> {
    if input.indices {
        return Err(ShapeError::new("numbers", input));
    }
    filled(input)
}

/// Settings within their ranges: a network that comes from no recipe is checked nowhere else.
pub(crate) fn settings(layer: &impl Checked) -> Result<(), ShapeError> {
    let error =
        |e: SettingError| ShapeError::new(e.expected, format!("{} = {}", e.setting, e.found));
    layer.check().map_err(error)
}
