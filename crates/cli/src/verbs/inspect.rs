//! `inspect`: describes a model file, for which it needs none of the model's plugins, or data.

mod columns;
mod data;
mod foreign;

use crate::args;
use crate::failure::{Failure, Kind};
use crate::files::{paths, run_files};
use crate::output::console::{Console, one_line, visible};
use crate::output::figures::{counted, grouped};
use crate::output::report;
use crate::recipe::Format;
use data::inspect_data;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// Runs the verb and returns the exit code.
pub(crate) fn inspect(args: &args::Inspect, console: &mut Console<'_>) -> Result<u8, Failure> {
    let path = paths::model_file(Path::new(&args.what));
    if let Some(what) = run_files::described(&path) {
        return Err(Failure::new(Kind::Usage, what));
    }
    if path.join("recipe.toml").is_file() {
        paths::model(&path)?; // the run has none yet
    }
    if Format::of_recipe(&path).is_some() {
        let (file, tanren) = (paths::quoted(&path), paths::program());
        let message =
            format!("{file} is a recipe; to see it with every default: {tanren} render {file}");
        return Err(Failure::new(Kind::Usage, message));
    }
    if !path.extension().is_some_and(|e| e.eq_ignore_ascii_case("safetensors")) {
        let text = inspect_data(args, console)?;
        return console.result(&text).map(|()| 0);
    }
    let mut model = match tanren_network::inspect(&path) {
        Ok(model) => model,
        Err(error) => {
            let foreign = paths::foreign(&path).ok_or_else(|| paths::no_model(&path, &error))?;
            return console.result(&foreign::listed(&foreign, args.json)).map(|()| 0);
        }
    };
    let parameters: usize = list(&model["tensors"]).map(numbers).sum();
    let text = if args.json {
        model["schema_version"] = json!(report::SCHEMA_VERSION);
        model["parameters"] = json!(parameters);
        report::line(&model)
    } else {
        visible(&describe(&path.display().to_string(), &model, parameters))
    };
    console.result(&text).map(|()| 0)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Numbers in a tensor.
fn numbers(tensor: &Value) -> usize {
    let sizes = list(&tensor["shape"]).map(|n| n.as_u64().unwrap_or(0) as usize);
    sizes.fold(1, usize::saturating_mul)
}

fn describe(path: &str, model: &Value, parameters: usize) -> String {
    let mut text = format!("{path}: a model of {}\n", counted(parameters, "parameter"));
    let spec = &model["model"];
    for (title, ports) in [("Inputs", &spec["inputs"]), ("Targets", &spec["targets"])] {
        let _ = writeln!(text, "\n{title}");
        for port in list(ports) {
            let line = format!("{:14} {}", word(&port["field"]["name"]), port_text(port));
            let _ = writeln!(text, "  {}", cut(&line));
        }
    }
    let network = &spec["network"];
    text.push_str("\nNetwork\n");
    for layer in list(&network["layers"]) {
        let _ = writeln!(text, "  {}", plugin(layer));
    }
    for node in list(&network["nodes"]) {
        let inputs: Vec<_> = list(&node["inputs"]).map(word).collect();
        let (name, layer) = (word(&node["name"]), plugin(&node["layer"]));
        let _ = writeln!(text, "  {name:14} {layer}, from {}", inputs.join(" and "));
    }
    text.push_str("\nObjective\n");
    if !network["loss"].is_null() {
        let _ = writeln!(text, "  {}", plugin(&network["loss"]));
    }
    for loss in list(&network["losses"]) {
        let _ = writeln!(text, "  {} of {}", plugin(&loss["loss"]), word(&loss["output"]));
    }
    for key in ["penalties", "constraints", "noise"] {
        for item in list(&network[key]) {
            let _ = writeln!(text, "  {}", plugin(item));
        }
    }
    text.push_str("\nTensors\n");
    for tensor in list(&model["tensors"]) {
        let shape: Vec<_> =
            list(&tensor["shape"]).map(|n| n.as_u64().unwrap_or(0) as usize).collect();
        let (name, precision) = (word(&tensor["name"]), precision(&tensor["precision"]));
        text.push_str(&tensor_line(&name, &shape, &precision));
    }
    let notes = model["notes"].as_object();
    let notes: Vec<_> = notes.into_iter().flatten().collect();
    if !notes.is_empty() {
        text.push_str("\nNotes\n");
        for (name, note) in notes {
            let _ = writeln!(text, "  {}", cut(&format!("{name:14} {}", word(note))));
        }
    }
    text
}

/// A tensor's name, shape, size and type.
fn tensor_line(name: &str, shape: &[usize], precision: &str) -> String {
    let sizes: Vec<_> = shape.iter().map(usize::to_string).collect();
    let (sizes, count) = (sizes.join(" x "), shape.iter().copied().fold(1, usize::saturating_mul));
    format!("  {name:24} {sizes:>14} {:>12}  {precision}\n", grouped(count))
}

/// The usual name of a precision.
fn precision(value: &Value) -> String {
    match value.as_str() {
        Some("single") => "float32".into(),
        Some("double") => "float64".into(),
        _ => word(value),
    }
}

/// What one input or target looks like.
fn port_text(port: &Value) -> String {
    let field = &port["field"];
    let shape = &field["shape"];
    let features = &shape["features"];
    let many = |thing| counted(features.as_u64().unwrap_or(0) as usize, thing);
    let mut text = match (shape["indices"] == true, shape["grid"].as_array().map(Vec::as_slice)) {
        (true, _) if features == 1 => "1 class".into(),
        (true, _) => format!("{features} classes"),
        (false, Some([height, width])) => format!("{}, {height} x {width}", many("pixel")),
        (false, _) => many("number"),
    };
    if shape["sequence"] == true {
        text.push_str(" per step");
    }
    let levels: Vec<_> = list(&field["levels"]).map(|level| one_line(&word(level))).collect();
    if !levels.is_empty() {
        let _ = write!(text, ": {}", levels.join(", "));
    }
    let fitted: Vec<_> = list(&port["normalizers"]).map(|n| word(&n["type"])).collect();
    if !fitted.is_empty() {
        let _ = write!(text, ", {}", fitted.join(", "));
    }
    text
}

/// A plugin: its name and settings, on as many lines as they need.
fn plugin(value: &Value) -> String {
    let Some(table) = value.as_object() else { return word(value) };
    let mut settings: Vec<_> = table.iter().filter(|(key, _)| *key != "type").collect();
    // Sizes first: they say most.
    settings.sort_by_key(|(_, value)| (!value.is_number(), value.is_boolean()));
    let settings: Vec<_> =
        settings.into_iter().map(|(key, value)| format!("{key} {}", setting(value))).collect();
    let name = table.get("type").map(word).unwrap_or_default();
    let mut line = format!("{name:14}");
    let mut text = String::new();
    for (i, setting) in settings.iter().enumerate() {
        let comma = if i + 1 < settings.len() { "," } else { "" };
        if line.chars().count() + setting.chars().count() + 2 > WIDTH {
            text.push_str(line.trim_end());
            line = format!("\n{:16}", "");
        }
        let _ = write!(line, " {setting}{comma}");
    }
    text + line.trim_end()
}

/// A setting in few words: a plugin in it by its name alone.
fn setting(value: &Value) -> String {
    match value {
        Value::Object(table) => match table.get("type") {
            Some(name) if table.len() == 1 => word(name),
            Some(name) => format!("{} (…)", word(name)),
            None => "(…)".into(),
        },
        Value::Array(items) => items.iter().map(setting).collect::<Vec<_>>().join(" "),
        other => word(other),
    }
}

/// Text without quotes, all else as JSON.
fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Characters on a line, after its indent.
const WIDTH: usize = 77;

/// At most what fits on a line.
fn cut(text: &str) -> String {
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
