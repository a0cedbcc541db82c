//! Aimed plugins as text.

use crate::{
    Aimed, Block, BlockAim as _, BlockKind, Checked, Clock, On as _, Penalty, PenaltyKernel,
    PenaltyKernels, Plugin, Select, SettingError,
};
use serde::{Deserialize, Serialize};
use tanren_tensor::Real;

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Pull {
    strength: f64,
    inner: Option<Box<Self>>,
}

impl Checked for Pull {
    fn check(&self) -> Result<(), SettingError> {
        SettingError::unless(self.strength >= 0.0, "strength", "0 or more", self.strength)
    }
}

#[typetag::serde(name = "test/pull")]
impl Penalty for Pull {
    fn kinds(&self) -> &[BlockKind] {
        &[BlockKind::Bias]
    }
    fn kernels(&self) -> PenaltyKernels<'_> {
        PenaltyKernels::of(self)
    }
}

impl<T: Real> PenaltyKernel<T> for Pull {
    fn value(&self, _: Clock, _: &Block, _: &[T]) -> f64 {
        0.0
    }
    fn add_gradient(&self, _: Clock, _: &Block, _: &[T], _: &mut [T]) {}
}

type Read = Aimed<dyn Penalty>;

#[test]
fn the_aim_stands_beside_the_settings() {
    let texts = [
        r#"{"type": "test/pull", "strength": 2, "on": "a"}"#,
        r#"{"on": ["a"], "type": "test/pull", "strength": 2}"#,
        r#"{"strength": 2, "on": {"nodes": "a"}, "type": "test/pull"}"#,
    ];
    let json = r#"{"type":"test/pull","strength":2.0,"inner":null,"on":{"nodes":["a"]}}"#;
    for text in texts {
        let read: Read = serde_json::from_str(text).unwrap();
        assert_eq!(read.on, Select::from("a"));
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
    }
    let toml = "type = \"test/pull\"\nstrength = 2.0\n\n[on]\nnodes = [\"a\"]\n";
    let read: Read = toml::from_str(toml).unwrap();
    assert_eq!(toml::to_string(&read).unwrap(), toml);
    let value = serde_json::to_value(&read).unwrap();
    assert_eq!(
        serde_json::to_value(serde_json::from_value::<Read>(value.clone()).unwrap()).unwrap(),
        value
    );
}

#[test]
fn an_aim_is_a_choice() {
    for text in [r#""test/pull""#, r#"{"type": "test/pull"}"#, r#"{"type": "test/pull", "on": {}}"#]
    {
        let read: Read = serde_json::from_str(text).unwrap();
        assert!(read.on.is_open());
        let plain: Plugin<dyn Penalty> = Pull::default().into();
        assert_eq!(serde_json::to_string(&read).unwrap(), serde_json::to_string(&plain).unwrap());
    }
    let pull: Read = Pull::default().on(BlockKind::Weight);
    assert_eq!(pull.on.kinds, [BlockKind::Weight]);
    assert_eq!(Read::from(Pull::default()).default_kinds(), [BlockKind::Bias]);
}

#[test]
fn mistakes_are_those_of_the_plugin_or_of_the_aim() {
    for (text, wrong) in [
        (r#"{"type": "test/pull", "on": "a", "on": "b"}"#, "duplicate field `on`"),
        (r#"{"type": "test/pull", "on": "a", "onn": "b"}"#, "unknown field `onn`"),
        (r#"{"type": "test/pull", "inner": {"on": "a"}}"#, "unknown field `on`"),
        (r#"{"type": "test/pull", "on": {"kind": "bias"}}"#, "unknown field `kind`"),
        (r#"{"type": "test/pull", "strength": -1, "on": "a"}"#, "strength: expected 0 or more"),
        (r#"{"strength": 1, "on": "a"}"#, "missing field `type`"),
        (r#"{"type": "test/push", "on": "a"}"#, "test/push"),
        ("3", "expected a plugin that may have `on`: its name"),
    ] {
        let error = serde_json::from_str::<Read>(text).unwrap_err().to_string();
        assert!(error.contains(wrong), "{error}");
    }
}
