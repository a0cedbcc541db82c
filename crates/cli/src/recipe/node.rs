//! `Node`: a recipe as a tree, in which each value knows where it was given.

use std::sync::Arc;

/// Where something was given.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    /// In no text: it is a default or comes from a program.
    #[default]
    Nowhere,
    /// From this byte of the text on.
    Byte(usize),
    /// In a `--set` of the command line, which is this.
    Set(Arc<str>),
}

/// A value and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// What a recipe is made of, in every format.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    /// A whole number that 64 bits hold, with or without sign.
    Whole(i128),
    Real(f64),
    Text(String),
    List(Vec<Node>),
    /// In the order of the text.
    Table(Vec<(Key, Node)>),
}

/// A key of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) place: Place,
    pub(crate) name: String,
}

/// The key that says which plugin a table is.
pub(crate) const TYPE: &str = "type";

/// The key beside a plugin's settings that says where it works.
pub(crate) const ON: &str = "on";

/// The steps of a path: `training.updaters[0].beta1` and `training.updaters.0.beta1` have the same.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split(['.', '[', ']']).filter(|step| !step.is_empty())
}

impl Node {
    pub(crate) const fn new(place: Place, value: Value) -> Self {
        Self { place, value }
    }

    /// Takes away all places and all that is null.
    pub(super) fn clean(&mut self) {
        self.place = Place::Nowhere;
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(Self::clean),
            Value::Table(entries) => {
                entries.retain(|(_, value)| value.value != Value::Null);
                for (key, value) in entries {
                    key.place = Place::Nowhere;
                    value.clean();
                }
            }
            _ => {}
        }
    }

    /// The value one step down.
    pub(super) fn child(&self, step: &str) -> Option<&Self> {
        match &self.value {
            Value::List(items) => items.get(step.parse::<usize>().ok()?),
            Value::Table(entries) => entries.iter().find(|(k, _)| k.name == step).map(|(_, v)| v),
            _ => None,
        }
    }

    /// The place of what is at a path, or of the nearest thing around it that has one.
    pub(crate) fn place_of(&self, path: &str) -> Place {
        let mut node = self;
        let mut place = &self.place;
        for step in steps(path) {
            let Some(child) = node.child(step) else { break };
            node = child;
            if child.place != Place::Nowhere {
                place = &child.place;
            }
        }
        place.clone()
    }

    /// The place of the first `--set` that changed what is at a path, or something in it.
    pub(crate) fn set_in(&self, path: &str) -> Option<Place> {
        steps(path).try_fold(self, |node, step| node.child(step))?.set()
    }

    fn set(&self) -> Option<Place> {
        match (&self.place, &self.value) {
            (Place::Set(_), _) => Some(self.place.clone()),
            (_, Value::List(items)) => items.iter().find_map(Self::set),
            (_, Value::Table(entries)) => entries.iter().find_map(|(_, value)| value.set()),
            _ => None,
        }
    }

    /// Takes over the places of another tree, wherever it has the same path.
    pub(crate) fn adopt(&mut self, said: &Self) {
        self.place = said.place.clone();
        match (&mut self.value, &said.value) {
            (Value::List(items), Value::List(others)) => {
                items.iter_mut().zip(others).for_each(|(item, other)| item.adopt(other));
            }
            (Value::Table(entries), Value::Table(others)) => {
                for (key, value) in entries {
                    if let Some((k, v)) = others.iter().find(|(k, _)| k.name == key.name) {
                        key.place = k.place.clone();
                        value.adopt(v);
                    }
                }
            }
            _ => {}
        }
    }

    /// Sets the place of everything in this tree.
    pub(crate) fn move_to(&mut self, place: &Place) {
        self.place = place.clone();
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|item| item.move_to(place)),
            Value::Table(entries) => {
                for (key, value) in entries {
                    key.place = place.clone();
                    value.move_to(place);
                }
            }
            _ => {}
        }
    }

    /// The same with every plugin that has no settings as its bare name.
    pub(crate) fn short(self) -> Self {
        let value = match self.value {
            Value::List(items) => Value::List(items.into_iter().map(Self::short).collect()),
            Value::Table(mut entries) => match entries.as_mut_slice() {
                [(key, Self { value: Value::Text(name), .. })] if key.name == TYPE => {
                    Value::Text(std::mem::take(name))
                }
                _ => Value::Table(entries.into_iter().map(|(k, v)| (k, v.short())).collect()),
            },
            other => other,
        };
        Self { value, ..self }
    }

    /// What it is, in words.
    pub(crate) const fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Whole(_) | Value::Real(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}
