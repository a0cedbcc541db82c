//! `Whereabouts`: where the data files of a run are, so that it works from any folder.

use crate::failure::{Failure, Kind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

/// The files that a source names, by the text that names them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Whereabouts(BTreeMap<String, Places>);

/// Where a file is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Places {
    /// Its path from the folder of the run, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from_run: Option<PathBuf>,
    absolute: PathBuf,
}

impl Whereabouts {
    /// The files of a source, as seen from the current folder and from that of a run. Any text in its
    /// settings may be a path, so that sources from outside can be moved, too.
    pub(crate) fn of(source: &Value, run: &Path) -> Self {
        let run = fs::canonicalize(run).ok();
        let mut places = BTreeMap::new();
        texts(source, &mut |text| {
            if let Ok(absolute) = fs::canonicalize(text) {
                let from_run = run.as_ref().and_then(|run| between(run, &absolute));
                places.insert(text.to_owned(), Places { from_run, absolute });
            }
        });
        Self(places)
    }

    /// The source with each of its files where it is found: as it was named, from the folder of the run,
    /// or at its absolute path.
    pub(crate) fn find(&self, source: &Value, run: &Path) -> Result<Value, Failure> {
        let mut found = source.clone();
        let mut missing = None;
        replace(&mut found, &mut |text| {
            let Some(places) = self.0.get(text).filter(|_| !Path::new(text).exists()) else {
                return;
            };
            let from_run = places.from_run.as_ref().map(|path| run.join(path));
            let places: Vec<_> = from_run.into_iter().chain([places.absolute.clone()]).collect();
            match places.iter().find(|path| path.exists()) {
                Some(path) => *text = path.display().to_string(),
                None => {
                    let all = places.iter().map(|path| path.display().to_string());
                    let all = all.collect::<Vec<_>>().join(" and ");
                    let here = std::env::current_dir().unwrap_or_default();
                    let here = here.display();
                    missing.get_or_insert(format!("{text}: no such file in {here}, nor is {all}"));
                }
            }
        });
        match missing {
            Some(message) => Err(Failure::new(Kind::Data, message)),
            None => Ok(found),
        }
    }
}

/// The texts of a source's settings that may be paths: any, so that sources from outside are known,
/// too. In a list only the names of files are: a text that means missing, such as a dot, is no folder.
pub(crate) fn texts(source: &Value, see: &mut dyn FnMut(&str)) {
    match source {
        Value::String(text) => see(text),
        Value::Array(items) => items.iter().for_each(|item| match item {
            Value::String(text) if !Path::new(text).is_file() => {}
            _ => texts(item, see),
        }),
        Value::Object(entries) => {
            let settings = entries.iter().filter(|(key, _)| *key != "type");
            settings.for_each(|(_, value)| texts(value, see));
        }
        _ => {}
    }
}

/// Changes texts of a source's settings.
fn replace(source: &mut Value, change: &mut dyn FnMut(&mut String)) {
    match source {
        Value::String(text) => change(text),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, change)),
        Value::Object(entries) => {
            let settings = entries.iter_mut().filter(|(key, _)| *key != "type");
            settings.for_each(|(_, value)| replace(value, change));
        }
        _ => {}
    }
}

/// The path from one folder to a file, both absolute; `None` where they have nothing in common.
fn between(from: &Path, to: &Path) -> Option<PathBuf> {
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let named = |c: &Component<'_>| matches!(c, Component::Normal(_));
    if !to.components().take(shared).any(|c| named(&c)) {
        return None; // a path through the root moves with nothing
    }
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    Some(up.chain(to.components().skip(shared)).collect())
}

#[cfg(test)]
mod tests {
    use super::between;
    use std::path::{Path, PathBuf};

    #[test]
    fn paths_lead_from_the_run_to_the_file() {
        let path = |from: &str, to: &str| between(Path::new(from), Path::new(to));
        assert_eq!(path("/a/b/runs/x", "/a/b/d/e.csv"), Some(PathBuf::from("../../d/e.csv")));
        assert_eq!(path("/a/b", "/a/b/e.csv"), Some(PathBuf::from("e.csv")));
        assert_eq!(path("/home/runs", "/data/e.csv"), None);
    }
}
