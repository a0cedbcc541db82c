//! A table of one input and perhaps a target, named after its file.

use crate::file::{notes, rows};
use crate::target::Target;
use std::path::Path;
use tanren_plugin::{Field, Table};

/// The table of `rows` rows, without those that have no target; notes tell of these and of missing
/// numbers.
pub(crate) fn table(path: &Path, rows: usize, mut input: Field, target: Option<Target>) -> Table {
    let mut table = Table { name: name(path), rows, ..Table::default() };
    if let Some(target) = target {
        if let Some(kept) = target.kept {
            rows::keep(&mut input.values, input.spec.width(), &kept);
            let left_out = notes::counted(rows - kept.len(), "row");
            table.notes.push(format!("{left_out} without a target left out"));
            table.source_rows = Some(rows);
            table.rows = kept.len();
            table.numbers = Some(kept);
        }
        table.targets.push(target.field);
    }
    notes::missing_numbers(&mut table.notes, &input);
    table.inputs.push(input);
    table
}

/// What a file or folder is called, without where it is and what kind it is of.
pub(crate) fn name(path: &Path) -> String {
    let Some(name) = path.file_name() else { return path.display().to_string() };
    let name = Path::new(name);
    let plain = if name.extension().is_some_and(|e| e == "gz") { name.file_stem() } else { None };
    let name = plain.map_or(name, Path::new);
    name.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
