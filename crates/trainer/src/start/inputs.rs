//! The inputs of a network that goes on from a model: normalised as that model's were.

use super::StartSpec;
use super::taken::place;
use crate::check::setting;
use crate::{Recipe, TrainError};
use tanren_network::{PortSpec, Tensors};
use tanren_plugin::{Field, FieldSpec, SettingError};

/// The inputs with the normalisers of the model that is to give them, if one is.
pub(super) fn inputs_of(
    files: &[(&StartSpec, Tensors)],
    recipe: &Recipe,
    fields: &mut [Field],
) -> Result<Option<Vec<PortSpec>>, TrainError> {
    let mut giving = files.iter().enumerate().filter(|(_, (spec, _))| spec.normalizers);
    let Some((k, (_, file))) = giving.next() else { return Ok(None) };
    let at = |k: usize| place(k, "normalizers");
    if let Some((other, _)) = giving.next() {
        let expected = format!("false, because the inputs are normalized as {} says", at(k));
        return Err(setting(at(other), expected, "true"));
    }
    if let Some(normalizer) = recipe.data.inputs.first() {
        let expected = format!("no normalizers, because {} takes those of a model", at(k));
        return Err(setting("data.inputs", expected, normalizer.plugin.typetag_name()));
    }
    let path = file.path().display();
    let expected = "a model of tanren, with its normalizers";
    let Some(model) = file.model() else {
        return Err(setting(at(k), expected, format!("{path}, a file of another program")));
    };
    let model = model.map_err(|e| setting(at(k), expected, format!("{path}: {e}")))?;
    let ports = adopted(model.inputs, fields);
    ports.map(Some).map_err(|e| setting(at(k), e.expected, format!("{} ({path})", e.found)))
}

/// The ports of a model for these fields, which become what they were for the model: a picture where its
/// pixels were read as numbers.
///
/// # Errors
/// As [`same_inputs`].
pub(super) fn adopted(
    model: Vec<PortSpec>,
    fields: &mut [Field],
) -> Result<Vec<PortSpec>, SettingError> {
    same_inputs(&model, fields)?;
    let ports = model.into_iter().zip(fields).map(|(port, field)| {
        field.spec.shape = port.field.shape;
        PortSpec { field: field.spec.clone(), normalizers: port.normalizers }
    });
    Ok(ports.collect())
}

/// Whether data have the inputs of a model: as many fields, each with the same features in the same
/// order, by name where both name them, and categories with the same levels.
///
/// # Errors
/// The first difference, as an error of the setting `normalizers`.
pub fn same_inputs(model: &[PortSpec], fields: &[Field]) -> Result<(), SettingError> {
    let differ = |expected: String, found: String| {
        let expected = format!("data with the inputs of the model: {expected}");
        Err(SettingError::new("normalizers", expected, found))
    };
    let counted = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
    if model.len() != fields.len() {
        return differ(counted(model.len(), "field"), fields.len().to_string());
    }
    for (port, field) in model.iter().zip(fields) {
        let (model, found) = (&port.field, &field.spec);
        let (a, b) = (model.shape, found.shape);
        if (a.indices, a.sequence) != (b.indices, b.sequence) {
            return differ(a.to_string(), b.to_string());
        }
        if let Some((expected, found)) = other_features(model, found) {
            return differ(expected, found);
        }
        if a.features != b.features {
            return differ(counted(a.features, "feature"), b.features.to_string());
        }
        if model.levels != found.levels && !model.levels.is_empty() && !found.levels.is_empty() {
            return differ(model.levels.join(", "), found.levels.join(", "));
        }
    }
    Ok(())
}

/// The first feature that is another one in the data, where both sides name theirs.
fn other_features(model: &FieldSpec, found: &FieldSpec) -> Option<(String, String)> {
    let (a, b) = (&model.features, &found.features);
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let name = |feature: Option<&tanren_plugin::Feature>| {
        feature.map_or_else(|| "no further feature".to_owned(), |feature| feature.name.clone())
    };
    for at in 0..a.len().max(b.len()) {
        let (model, found) = (a.get(at), b.get(at));
        let (expected, there) = (name(model), name(found));
        if expected != there {
            return Some((format!("{expected} as feature {}", at + 1), there));
        }
        let levels = |feature: Option<&tanren_plugin::Feature>| {
            feature.map_or_else(Vec::new, |feature| feature.levels.clone())
        };
        let (wanted, levels) = (levels(model), levels(found));
        if wanted != levels {
            let say = |levels: &[String]| match levels {
                [] => "a number".to_owned(),
                levels => format!("the levels {}", levels.join(", ")),
            };
            return Some((format!("{} of {expected}", say(&wanted)), say(&levels)));
        }
    }
    None
}

/// Says of a model whose normalisers were left where they are that its layers expect them.
pub(super) fn notes(files: &[(&StartSpec, Tensors)]) -> Vec<String> {
    let normalized = |file: &Tensors| match file.model() {
        Some(Ok(model)) => model.inputs.iter().any(|port| !port.normalizers.is_empty()),
        _ => false,
    };
    let left =
        files.iter().enumerate().filter(|(_, (spec, file))| !spec.normalizers && normalized(file));
    let say = |(k, (spec, _)): (usize, &(&StartSpec, Tensors))| {
        format!(
            "the layers from {} expect inputs as they were normalized there; {} = true takes its \
             normalizers",
            spec.from.display(),
            place(k, "normalizers")
        )
    };
    left.map(say).collect()
}
