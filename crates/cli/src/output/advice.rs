//! `Advice`: what a note on data says of the settings of its source, in terms of the command line.
//!
//! A source names its settings in backquotes: "name it in `ignore`", "set `header = true`". What changes
//! them depends on the command; where nothing does, such advice is left out.

/// How a command changes the settings of its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advice {
    /// By options of their own, where there are such, and by `--set`.
    Options,
    /// By `--set`.
    Set,
    /// Not at all: the settings are those of a model or of a run.
    Nothing,
}

/// The settings that messages name.
const SETTINGS: [&str; 15] = [
    "target",
    "task",
    "header",
    "missing",
    "categories",
    "numbers",
    "formats",
    "ignore",
    "delimiter",
    "skip",
    "comment",
    "encoding",
    "max-levels",
    "zero-based",
    "set",
];

impl Advice {
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
            return without_clause(text, before);
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
        let own = match (name, value) {
            ("target", _) => Some("--target".to_owned()),
            ("task", Some(task)) => Some(format!("--task {}", task.trim_matches('"'))),
            ("header", Some(header)) => {
                Some(format!("--header {}", if header == "true" { "yes" } else { "no" }))
            }
            ("task" | "header", None) => Some(format!("--{name}")),
            _ => None,
        };
        if let (Self::Options, Some(own)) = (self, own) {
            return own;
        }
        let set = format!("data.source.{name}={}", value.unwrap_or("…"));
        // A shell takes the quotes of a text away.
        if set.contains('"') { format!("--set '{set}'") } else { format!("--set {set}") }
    }
}

/// A name of a setting, alone or with a value.
fn setting(piece: &str) -> Option<(&str, Option<&str>)> {
    let (name, value) = match piece.split_once(" = ") {
        Some((name, value)) => (name, Some(value)),
        None => (piece, None),
    };
    SETTINGS.contains(&name).then_some((name, value))
}

/// The text without the clause at `place`: what stands in brackets, or follows a semicolon or a colon.
fn without_clause(text: &str, place: usize) -> String {
    let (before, after) = text.split_at(place.min(text.len()));
    let bracket = before.rfind(" (").filter(|&at| !before[at..].contains(')'));
    if let (Some(from), Some(to)) = (bracket, after.find(')')) {
        return format!("{}{}", &text[..from], &after[to + 1..]);
    }
    match before.rfind("; ").max(before.rfind(": set ")) {
        Some(from) => match after.find("; ") {
            Some(to) => format!("{}{}", &text[..from], &after[to..]),
            None => text[..from].to_owned(),
        },
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Advice::{Nothing, Options, Set};

    #[test]
    fn settings_become_options() {
        let note = "column id left out: it numbers the rows (name it in `numbers` to keep it)";
        let said = "column id left out: it numbers the rows (name it in --set data.source.numbers=… \
                    to keep it)";
        assert_eq!(Options.say(note), said);
        assert_eq!(Set.say(note), said);
        let note = "found more; set `task = \"regression\"` if the target is a number";
        assert_eq!(
            Options.say(note),
            "found more; set --task regression if the target is a number"
        );
        assert_eq!(
            Set.say(note),
            "found more; set --set 'data.source.task=\"regression\"' if the target is a number"
        );
        assert_eq!(Options.say("set `header = false`"), "set --header no");
        assert_eq!(
            Set.say("an index is 0: `zero-based = true`"),
            "an index is 0: --set data.source.zero-based=true"
        );
        // What is no setting stays as it is.
        for text in ["the normalizer `impute` fills", "no `", "a ` b ` `", ""] {
            assert_eq!((Set.say(text), Nothing.say(text)), (text.to_owned(), text.to_owned()));
        }
    }

    #[test]
    fn advice_that_cannot_be_followed_is_left_out() {
        let cases = [
            ("read as times (`formats` says otherwise)", "read as times"),
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
