//! The settings of an npy source.

use tanren_data::{Npy, Task};
use tanren_plugin::{Plugin, Source};

#[test]
fn settings_are_read_and_checked() {
    let read = |text: &str| serde_json::from_str::<Plugin<dyn Source>>(text);
    let written = r#"{"type":"npy","path":"a","target":"-1"}"#;
    for text in [written, r#"{"type":"npy","path":"a","target":-1}"#] {
        assert_eq!(serde_json::to_string(&read(text).unwrap()).unwrap(), written);
    }
    let wrong = read(r#"{"type":"npy","path":"a","target":""}"#).unwrap_err().to_string();
    assert_eq!(wrong, "target: expected a column or a file, found nothing");
    let wrong = read(r#"{"type":"npy","path":"a","target":1.5}"#).unwrap_err().to_string();
    assert_eq!(
        wrong,
        "invalid type: floating point `1.5`, expected the name of a column or its position at line 1 column 37"
    );
    let toml: Npy = toml::from_str("path = 'a'\ntarget = 3\ntask = 'classification'").unwrap();
    assert_eq!((toml.target.as_deref(), toml.task), (Some("3"), Some(Task::Classification)));
}
