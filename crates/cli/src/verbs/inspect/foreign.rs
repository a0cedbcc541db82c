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
    text.push_str(&format!(
        "\nThe file holds no network. A recipe that describes one can start from these tensors:\n\n  \
         [[start]]\n  from = {path:?}\n  names = {{ \"dense-1.*\" = \"{}\" }}\n",
        example(tensors)
    ));
    visible(&text)
}

/// The name of a weight in the file, with a star for its last part.
fn example(tensors: &Tensors) -> String {
    let mut layers = tensors.names().iter().filter_map(|name| name.rsplit_once('.'));
    let layer = layers.next().map_or("fc1", |(layer, _)| layer);
    format!("{layer}.*")
}
