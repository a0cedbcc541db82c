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
    /// The files of a source as a recipe `named` them and as they were `found`, which is where they are
    /// from the current folder.
    pub(crate) fn of(mut named: Value, mut found: Value, run: &Path) -> Self {
        let run = fs::canonicalize(run).ok();
        let (mut names, mut places) = (Vec::new(), Vec::new());
        visit(&mut named, &mut |text, path| names.extend(path.then(|| text.clone())));
        visit(&mut found, &mut |text, path| places.extend(path.then(|| text.clone())));
        let known = names.into_iter().zip(places).filter_map(|(name, place)| {
            let absolute = fs::canonicalize(place).ok()?;
            let from_run = run.as_ref().and_then(|run| between(run, &absolute));
            Some((name, Places { from_run, absolute }))
        });
        Self(known.collect())
    }

    /// Every place where one of the files may be.
    pub(crate) fn places(&self, run: &Path) -> Vec<PathBuf> {
        let places = self.0.values().flat_map(|places| {
            let from_run = places.from_run.as_ref().map(|path| run.join(path));
            from_run.into_iter().chain([places.absolute.clone()])
        });
        places.collect()
    }

    /// The source with each of its files where it is found: in the folder of the run, as it was named, from
    /// the folder of the run, or at its absolute path. What is in that folder belongs to the run, and what
    /// is called so elsewhere to another one.
    pub(crate) fn find(&self, source: &Value, run: &Path) -> Result<Value, Failure> {
        let mut found = source.clone();
        let mut missing = None;
        visit(&mut found, &mut |text, path| {
            let Some(places) = self.0.get(text).filter(|_| path) else { return };
            let from_run = places.from_run.as_ref().map(|path| run.join(path));
            let own = places.from_run.as_ref().is_some_and(|path| !path.starts_with(".."));
            let own = own && from_run.as_ref().is_some_and(|path| path.exists());
            if Path::new(text).exists() && !own {
                return;
            }
            let places: Vec<_> = from_run.into_iter().chain([places.absolute.clone()]).collect();
            match places.iter().find(|path| path.exists()) {
                Some(path) => *text = path.display().to_string(),
                None => {
                    let all = places.iter().map(|path| path.display().to_string());
                    let all = all.collect::<Vec<_>>().join(" or ");
                    let here = std::env::current_dir().unwrap_or_default();
                    let here = here.display();
                    missing.get_or_insert(format!(
                        "{text}: no such file in {here}, nor is there one at {all}"
                    ));
                }
            }
        });
        match missing {
            Some(message) => Err(Failure::new(Kind::Data, message)),
            None => Ok(found),
        }
    }
}

/// Shows every text of a source's settings, which may be changed, and whether it is a path.
pub(crate) fn visit(source: &mut Value, see: &mut dyn FnMut(&mut String, bool)) {
    let Value::Object(settings) = source else { return };
    let kind = settings.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    for (key, value) in settings.iter_mut().filter(|(key, _)| *key != "type") {
        texts(value, &mut |text| {
            let path = holds_path(&kind, key, text);
            see(text, path);
        });
        sources(value, see);
    }
}

/// The texts of one setting, alone or in a list.
fn texts(value: &mut Value, see: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => see(text),
        Value::Array(items) => items.iter_mut().for_each(|item| texts(item, see)),
        _ => {}
    }
}

/// The sources and other settings inside of one.
fn sources(value: &mut Value, see: &mut dyn FnMut(&mut String, bool)) {
    match value {
        Value::Object(_) => visit(value, see),
        Value::Array(items) => items.iter_mut().for_each(|item| sources(item, see)),
        _ => {}
    }
}

/// Whether a text of a setting is a path. The name of the setting decides, of sources from outside,
/// too: the name of a column is a column's even where a file of that name happens to stand.
fn holds_path(kind: &str, setting: &str, text: &str) -> bool {
    let word = setting.rsplit(['-', '_']).next().unwrap_or_default();
    match (kind, setting) {
        ("idx", "labels") => true,
        ("npy", "target") => text.parse::<i64>().is_err(), // else the number of a column
        _ => ["path", "paths", "file", "files", "folder", "folders"].contains(&word),
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
    use super::{between, visit};
    use serde_json::json;
    use std::path::{Path, PathBuf};

    #[test]
    fn the_name_of_a_setting_tells_paths_from_other_texts() {
        let mut source = json!({
            "type": "train-test",
            "train": { "type": "csv", "path": "a.csv", "target": "y", "missing": [".", "path"] },
            "test": { "type": "npy", "path": "b.npy", "target": "c.npy" },
            "validation": { "type": "npy", "path": "d.npy", "target": "-1" },
            "more": [
                { "type": "idx", "path": "e", "labels": "f", "set": "g" },
                { "type": "acme/pipes", "data-files": ["h", "i"], "labels": "j", "filed": "k" },
            ],
        });
        let (mut paths, mut others) = (Vec::new(), Vec::new());
        visit(&mut source, &mut |text, path| {
            if path { &mut paths } else { &mut others }.push(text.clone());
        });
        paths.sort();
        others.sort();
        assert_eq!(paths, ["a.csv", "b.npy", "c.npy", "d.npy", "e", "f", "h", "i"]);
        assert_eq!(others, ["-1", ".", "g", "j", "k", "path", "y"]);
    }

    #[test]
    fn paths_lead_from_the_run_to_the_file() {
        let path = |from: &str, to: &str| between(Path::new(from), Path::new(to));
        assert_eq!(path("/a/b/runs/x", "/a/b/d/e.csv"), Some(PathBuf::from("../../d/e.csv")));
        assert_eq!(path("/a/b", "/a/b/e.csv"), Some(PathBuf::from("e.csv")));
        assert_eq!(path("/home/runs", "/data/e.csv"), None);
    }
}
