//! `Unsaid`: the type of a plugin whose table does not say it, where its family has one for that.

use tanren_plugin::unless_said;

/// An entry `type = …` that is read before those that are there.
#[derive(Default)]
pub(super) struct Unsaid {
    key: Option<String>,
    value: Option<String>,
}

impl Unsaid {
    /// The type named by the words for what is expected; nothing in a table that has a type.
    pub(super) fn of(expected: &str, typed: bool) -> Self {
        let name = unless_said(expected).filter(|_| !typed);
        Self { key: name.map(str::to_owned), value: None }
    }

    /// Whether the key of the entry comes next; its value does afterwards.
    pub(super) fn key(&mut self) -> bool {
        self.value = self.key.take();
        self.value.is_some()
    }

    /// The value of the entry, if that comes next.
    pub(super) fn value(&mut self) -> Option<String> {
        self.value.take()
    }
}
