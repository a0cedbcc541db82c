//! The data sets one can name.

use crate::failure::{Failure, Kind};
use crate::nearest::nearest;
use std::path::Path;
use tanren_data::{EMBEDDED, embedded};
use tanren_network::Model;
use tanren_plugin::{Plugin, Source};

/// Endings of data files.
const ENDINGS: &[&str] = &[
    "csv", "tsv", "txt", "npy", "npz", "idx", "ubyte", "gz", "svm", "svmlight", "libsvm", "arff",
    "parquet", "png",
];

/// The data set of this name.
pub(crate) fn source(name: &str) -> Result<Plugin<dyn Source>, Failure> {
    embedded(name).ok_or_else(|| unknown(name, &format!("the data sets are {}", list())))
}

/// The source a model was trained on, as its recipe says.
pub(crate) fn own_source(model: &Model) -> Result<Plugin<dyn Source>, Failure> {
    let fail = |what: String| Failure::new(Kind::Usage, format!("{what}; name data with --data"));
    let recipe: serde_json::Value = match model.notes.get("recipe") {
        Some(text) => serde_json::from_str(text).map_err(|e| fail(format!("its recipe: {e}")))?,
        None => return Err(fail("the model does not say what it was trained on".into())),
    };
    serde_json::from_value(recipe["data"]["source"].clone())
        .map_err(|e| fail(format!("the model's own data: {e}")))
}

/// The names of all data sets.
pub(crate) fn list() -> String {
    EMBEDDED.join(" and ")
}

/// What to say about a name that is no data set, when `accepted` would have been right.
pub(crate) fn unknown(name: &str, accepted: &str) -> Failure {
    if looks_like_data(name) {
        let message = format!(
            "{name} looks like a data file, but only the embedded data sets can be read so far: {}",
            list()
        );
        return Failure::new(Kind::Usage, message);
    }
    let near = nearest(name, EMBEDDED.iter().copied());
    let guess = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
    Failure::new(Kind::Usage, format!("unknown data {name:?}{guess} ({accepted})"))
}

fn looks_like_data(name: &str) -> bool {
    let ending = Path::new(name).extension().and_then(|e| e.to_str()).map(str::to_lowercase);
    let idx = name.ends_with("-ubyte");
    idx || ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}
