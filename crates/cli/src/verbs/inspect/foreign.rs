//! `inspect` of a safetensors file that another program wrote: its tensors, and how a network starts from
//! them.

use super::tensor_line;
use crate::output::console::visible;
use crate::output::figures::counted;
use crate::output::report;
use serde_json::json;
use tanren_network::Tensors;

/// What is said of the file, as text or as JSON.
pub(super) fn listed(tensors: &Tensors, json: bool) -> String {
    let path = tensors.path().display().to_string();
    if json {
        let tensors: Vec<_> = tensors.contents().collect();
        let (version, model) = (report::SCHEMA_VERSION, None::<()>);
        return report::line(&json!({
            "schema_version": version,
            "model": model,
            "tensors": tensors,
        }));
    }
    let count = counted(tensors.names().len(), "tensor");
    let mut text = format!("{path}: {count} of another program\n\nTensors\n");
    tensors.contents().for_each(|t| text.push_str(&tensor_line(&t.name, &t.shape, &t.kind)));
    let from = toml::Value::from(path);
    text.push_str(&format!(
        "\nThe file holds no network. A recipe that describes one can start from these tensors:\n\n  \
         [[start]]\n  from = {from}\n"
    ));
    if let Some(layer) = example(tensors) {
        let theirs = toml::Value::from(format!("{layer}.*"));
        text.push_str(&format!("  names = {{ \"dense-1.*\" = {theirs} }}\n"));
    }
    visible(&text)
}

/// What the first name of the file calls a layer.
fn example(tensors: &Tensors) -> Option<&str> {
    let mut layers = tensors.names().iter().filter_map(|name| name.rsplit_once('.'));
    layers.find(|(layer, _)| !layer.contains('*')).map(|(layer, _)| layer)
}
