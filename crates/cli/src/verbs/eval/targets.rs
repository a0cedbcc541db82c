//! `--target` of `eval`: what the targets of a model are called in other data.

use crate::failure::{Failure, Kind};
use crate::output::figures::counted;
use tanren_network::PortSpec;
use tanren_plugin::{Feature, FieldSpec, Table};

/// Gives the columns of the targets other names, in their order: a target has one, and each number of
/// several that are joint has its own.
pub(super) fn rename(targets: &mut [FieldSpec], names: &[String]) -> Result<(), Failure> {
    if names.is_empty() {
        return Ok(()); // nothing is renamed, so nothing can collide
    }
    let columns: usize = targets.iter().map(|target| names_of(target).len()).sum();
    if names.len() > columns {
        let known = counted(columns, "target");
        let message = format!("--target: the model has {known}, found {} names", names.len());
        return Err(Failure::new(Kind::Usage, message));
    }
    let mut names = names.iter();
    for target in targets.iter_mut() {
        if !is_joint(target) {
            names.by_ref().take(1).for_each(|name| target.name.clone_from(name));
            continue;
        }
        for (feature, name) in target.features.iter_mut().zip(names.by_ref()) {
            feature.name.clone_from(name);
            if let Some(origin) = &mut feature.origin {
                origin.column.clone_from(name);
            }
        }
    }
    let mut columns: Vec<&str> = targets.iter().flat_map(names_of).collect();
    columns.sort_unstable();
    match columns.windows(2).find(|pair| pair[0] == pair[1]) {
        None => Ok(()),
        Some(pair) => {
            let message = format!(
                "--target: {:?} would be two targets of the model: name all of them, in its order",
                pair[0]
            );
            Err(Failure::new(Kind::Usage, message))
        }
    }
}

/// The names of the columns of a target.
fn names_of(target: &FieldSpec) -> Vec<&str> {
    match is_joint(target) {
        true => target.features.iter().map(Feature::column).collect(),
        false => vec![target.name.as_str()],
    }
}

/// Gives joint targets that were read by other names those by which the model knows them.
pub(super) fn restore(table: &mut Table, known: &[PortSpec]) {
    for (target, port) in table.targets.iter_mut().zip(known) {
        if is_joint(&port.field) && target.spec.features.len() == port.field.features.len() {
            target.spec.features.clone_from(&port.field.features);
        }
    }
}

/// Whether it is several columns of numbers.
fn is_joint(target: &FieldSpec) -> bool {
    !target.shape.indices && target.features.len() > 1
}
