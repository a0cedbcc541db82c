//! The settings of an IDX source.

use tanren_plugin::{Plugin, Source};

#[test]
fn settings_are_read_and_checked() {
    let text = r#"{"type":"idx","path":"a","labels":"b","task":"regression"}"#;
    let source: Plugin<dyn Source> = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&source).unwrap(), text);
    let error = serde_json::from_str::<Plugin<dyn Source>>(r#"{"type":"idx","path":""}"#);
    assert_eq!(error.unwrap_err().to_string(), "path: expected the path of a file, found nothing");
}
