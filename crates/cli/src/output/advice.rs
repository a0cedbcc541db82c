//! `Advice`: what a note on data says of the settings of its source, in terms of the command line.
//!
//! A source names its settings in backquotes: "name it in `ignore`", "set `header = true`". What changes
//! them depends on the command; where nothing does, such advice is left out.

mod reader;

use crate::files::paths;
use crate::recipe::{SOURCE, column_setting};
use serde_json::Value;
use std::path::Path;

pub(crate) use reader::{Reader, file_of, is_called};

/// How a command changes the settings of its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advice {
    /// By options of their own, where there are such, and by `--set`.
    Options(Reader),
    /// By `--set`, in a recipe.
    Set(Reader),
    /// Not at all: the settings are those of a model or of a run.
    Nothing,
}

/// The setting that has a table of columns.
const FORMATS: &str = "formats";

/// The setting that tells several series apart, which is not one of the file that they are in.
const SERIES: &str = "series";

/// The settings that messages name, and what is typed for a value that a message does not give.
const SETTINGS: [(&str, &str); 20] = [
    ("target", "…"),
    ("task", "classification or regression"),
    ("header", "yes or no"),
    ("missing", r#"["", "NA", "…"]"#),
    ("categories", "…"),
    ("numbers", "…"),
    (FORMATS, "…"),
    ("ignore", "…"),
    ("beside", "…"),
    ("ids", "…"),
    ("weights", "…"),
    ("delimiter", "…"),
    ("skip", "…"),
    ("comment", "…"),
    ("encoding", "…"),
    ("max-levels", "…"),
    ("zero-based", "…"),
    ("set", "…"),
    ("labels", "…"),
    (SERIES, "…"),
];

/// The parts of a source that has several, and their paths in a recipe.
const PARTS: [(&str, &str); 3] = [
    ("train", "data.source.train"),
    ("test", "data.source.test"),
    ("validation", "data.source.validation"),
];

impl Advice {
    /// That of a recipe with this source, in JSON, about the data it trains on.
    pub(crate) fn of_recipe(source: &Value) -> Self {
        let (part, path) = PARTS[0];
        Self::Set(match source["type"] == "train-test" {
            true => Reader::of(path, &source[part]),
            false => Reader::of(SOURCE, source),
        })
    }

    /// That of a command with options for the data, about this source in JSON.
    pub(crate) fn of_options(source: &Value) -> Self {
        Self::Options(Reader::of(SOURCE, source))
    }

    /// The same about the data that a text begins with: a note or an error names by the path or by the
    /// name of a file to which part of the source it belongs.
    pub(crate) fn about(self, text: &str, source: &Value) -> Self {
        let named = text.split([':', ',']).next().unwrap_or_default();
        let of = |(part, _): &(&str, &str)| match file_of(&source[part]) {
            Some(path) => path == named || is_called(path, named),
            None => false,
        };
        match (self, PARTS.iter().find(|part| of(part))) {
            (Self::Set(_), Some((part, path))) => Self::Set(Reader::of(path, &source[part])),
            _ => self,
        }
    }

    /// The text of an error, with what to type for the setting that it names.
    pub(crate) fn help(self, text: &str) -> String {
        let named = text.split('`').skip(1).step_by(2).find_map(setting);
        match named {
            _ if self == Self::Nothing => self.say(text),
            // Whoever typed the option is told of it by its name.
            Some(("target" | "ids" | "weights" | SERIES, _))
                if matches!(self, Self::Options(_)) =>
            {
                self.say(text)
            }
            Some((name, value)) if !text.contains(&format!("`{name}` cannot be set")) => {
                let typed = self.option(name, value);
                let why = match name {
                    "missing" => " lists the texts that mean missing",
                    _ => "",
                };
                format!("{text}\n  help: {typed}{why}")
            }
            _ => text.to_owned(),
        }
    }

    /// The text with what to type in place of the names of settings, or without advice that cannot be
    /// followed.
    pub(crate) fn say(self, text: &str) -> String {
        let pieces: Vec<&str> = text.split('`').collect();
        let Some(first) = (1..pieces.len()).step_by(2).find(|&at| setting(pieces[at]).is_some())
        else {
            return text.to_owned();
        };
        if self == Self::Nothing {
            let before: usize = pieces[..first].iter().map(|piece| piece.len() + 1).sum();
            return without_clause(text, before, before + pieces[first].len());
        }
        let mut said = String::new();
        for (at, piece) in pieces.iter().enumerate() {
            match setting(piece).filter(|_| at % 2 == 1) {
                Some((name, value)) => said.push_str(&self.option(name, value)),
                None if at % 2 == 1 => said.push_str(&format!("`{piece}`")),
                None => said.push_str(piece),
            }
        }
        said
    }

    /// What changes a setting to a value, or to any.
    fn option(self, name: &str, value: Option<&str>) -> String {
        let example = SETTINGS.iter().find(|(known, _)| *known == name).map_or("…", |(_, e)| e);
        let own = match (name, value) {
            ("target", _) => Some("--target".to_owned()),
            ("ids", _) => Some("--id".to_owned()),
            ("weights", _) => Some("--weights".to_owned()),
            (SERIES, _) => Some("--series".to_owned()),
            ("task", task) => {
                Some(format!("--task {}", task.map_or(example, |task| task.trim_matches('"'))))
            }
            ("header", Some("true")) => Some("--header yes".to_owned()),
            ("header", Some(_)) => Some("--header no".to_owned()),
            ("header", None) => Some(format!("--header {example}")),
            _ => None,
        };
        let reader = match (self, own) {
            (Self::Options(_), Some(own)) => return own,
            (Self::Options(reader) | Self::Set(reader), _) => reader,
            (Self::Nothing, _) => Reader::SOURCE,
        };
        let reader = if name == SERIES { reader.above() } else { reader };
        let of_column = if name == FORMATS { ".COLUMN" } else { "" };
        let set = format!("{reader}.{name}{of_column}={}", value.unwrap_or(example));
        // Alternatives are no text to be typed.
        let alternatives = value.is_none() && example.contains(" or ");
        let set = if alternatives { set } else { paths::quoted(Path::new(&set)) };
        format!("--set {set}")
    }
}

/// A name of a setting, alone or with a value, or of one for a column with what it is for that.
fn setting(piece: &str) -> Option<(&str, Option<&str>)> {
    let (name, value) = match column_setting(piece) {
        Some((setting, _, value)) if setting == FORMATS => {
            let name = piece.strip_suffix(value)?.trim_end().strip_suffix('=')?.trim_end();
            return Some((name, Some(value)));
        }
        _ => match piece.split_once(" = ") {
            Some((name, value)) => (name, Some(value)),
            None => (piece, None),
        },
    };
    SETTINGS.iter().any(|(known, _)| *known == name).then_some((name, value))
}

/// The text without the clause with what stands between two places: what is in brackets, or follows a
/// semicolon or a colon.
fn without_clause(text: &str, from: usize, to: usize) -> String {
    let (before, after) = (&text[..from], &text[to..]);
    let bracket = before.rfind(" (").filter(|&at| !before[at..].contains(')'));
    if let (Some(from), Some(end)) = (bracket, after.find(')')) {
        return format!("{}{}", &text[..from], &after[end + 1..]);
    }
    match before.rfind("; ").max(before.rfind(": set ")) {
        Some(from) => match after.find("; ") {
            Some(end) => format!("{}{}", &text[..from], &after[end..]),
            None => text[..from].to_owned(),
        },
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Advice::{self, Nothing};
    use super::Reader;
    use serde_json::json;

    const SET: Advice = Advice::Set(Reader::SOURCE);
    const OPTIONS: Advice = Advice::Options(Reader::SOURCE);

    #[test]
    fn settings_become_options() {
        let note = "column id left out: it numbers the rows (name it in `numbers` to keep it)";
        let said = "column id left out: it numbers the rows (name it in --set data.source.numbers=… \
                    to keep it)";
        assert_eq!(OPTIONS.say(note), said);
        assert_eq!(SET.say(note), said);
        let note = "found more; set `task = \"regression\"` if the target is a number";
        assert_eq!(
            OPTIONS.say(note),
            "found more; set --task regression if the target is a number"
        );
        assert_eq!(
            SET.say(note),
            "found more; set --set 'data.source.task=\"regression\"' if the target is a number"
        );
        assert_eq!(OPTIONS.say("set `header = false`"), "set --header no");
        assert_eq!(
            SET.say("an index is 0: `zero-based = true`"),
            "an index is 0: --set data.source.zero-based=true"
        );
        for (setting, said) in [
            (
                r#"formats."my day" = "31.12.2024""#,
                r#"--set 'data.source.formats."my day"="31.12.2024"'"#,
            ),
            (r#"formats."a = b" = "1 = 2""#, r#"--set 'data.source.formats."a = b"="1 = 2"'"#),
            (
                r#"formats."it's" = "1'234.5""#,
                r#"--set 'data.source.formats."it'\''s"="1'\''234.5"'"#,
            ),
            ("formats", "--set data.source.formats.COLUMN=…"),
        ] {
            assert_eq!(OPTIONS.say(&format!("if not, `{setting}`")), format!("if not, {said}"));
        }
        // What is no setting stays as it is.
        for text in ["the normalizer `impute` fills", "no `", "a ` b ` `", ""] {
            assert_eq!((SET.say(text), Nothing.say(text)), (text.to_owned(), text.to_owned()));
        }
    }

    #[test]
    fn an_error_says_what_to_type() {
        let help =
            |advice: Advice, text: &str| advice.help(text).lines().last().unwrap().to_owned();
        let task = "found more; set `task = \"regression\"` if the target is a number";
        let cases = [
            (task, "--task regression", "--set 'data.source.task=\"regression\"'"),
            ("say by `task`", "--task classification or regression", "--set data.source.task=…"),
            ("set `header = true` if so", "--header yes", "--set data.source.header=true"),
            ("name it in `beside`", "--set data.source.beside=…", "--set data.source.beside=…"),
            ("`set` or `labels`", "--set data.source.set=…", "--set data.source.set=…"),
        ];
        for (text, options, set) in cases {
            assert_eq!(help(OPTIONS, text), format!("  help: {options}"));
            let set = set.replace("task=…", "task=classification or regression");
            assert_eq!(help(SET, text), format!("  help: {set}"));
        }
        assert!(
            help(SET, "add it to `missing`")
                .contains(r#"'data.source.missing=["", "NA", "…"]' lists"#)
        );
        for text in ["`set` cannot be set for a single file", "`impute` fills", "plain"] {
            assert_eq!(SET.help(text), text);
        }
    }

    #[test]
    fn advice_names_the_part_of_the_source() {
        let csv = |path: &str| json!({ "type": "csv", "path": path });
        let source =
            json!({ "type": "train-test", "train": csv("a.csv"), "test": csv("x/b.csv.gz") });
        let advice = Advice::of_recipe(&source);
        let said = |text: &str| advice.about(text, &source).say(text);
        assert_eq!(said("see `skip`"), "see --set data.source.train.skip=…");
        assert_eq!(said("b: see `skip`"), "b: see --set data.source.test.skip=…");
        assert!(said("x/b.csv.gz, line 3: see `skip`").contains("source.test.skip"));
        assert_eq!(said("a.csv: see `skip`"), "a.csv: see --set data.source.train.skip=…");
        assert_eq!(Advice::of_recipe(&csv("a.csv")), SET);
        assert_eq!(OPTIONS.about("b: see `skip`", &source), OPTIONS);
        // What is made from a file has settings of its own, and those of the file below.
        let windows = json!({ "type": "windows", "of": csv("a.csv") });
        let below = "name it in --set data.source.of.beside=…";
        assert_eq!(Advice::of_recipe(&windows).say("name it in `beside`"), below);
        assert_eq!(Advice::of_options(&windows).say("name it in `beside`"), below);
        let source = json!({ "type": "train-test", "train": windows.clone(), "test": windows });
        let said = Advice::of_recipe(&source).about("a: x", &source).say("name it in `beside`");
        assert_eq!(said, "name it in --set data.source.train.of.beside=…");
    }

    #[test]
    fn advice_that_cannot_be_followed_is_left_out() {
        let cases = [
            (r#"as times (`formats."a (b)" = "1"` says otherwise; or not)"#, "as times"),
            ("it follows from x; if not, name it in `ignore`", "it follows from x"),
            ("found more; set `task = \"regression\"` if so; else", "found more; else"),
            ("no target given: set `target` to a column", "no target given"),
            ("2 lines (of 5) left out (`skip` says how many) here", "2 lines (of 5) left out here"),
            ("`ignore`: no column x", "`ignore`: no column x"),
        ];
        for (note, said) in cases {
            assert_eq!(Nothing.say(note), said);
        }
    }
}
