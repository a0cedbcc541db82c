//! Paths of settings as people type them: `data.source.formats."net.price"=1.5`.

use super::layout::DEPTH;
use super::node::Value;
use super::toml;

/// The path of the source in a recipe.
pub(crate) const SOURCE: &str = "data.source";

/// One step of a path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) name: String,
    /// Whether it stands in quotes: a number is a name then.
    quoted: bool,
}

impl Step {
    /// The place in a list that it may be.
    pub(super) fn index(&self) -> Option<usize> {
        self.name.parse().ok().filter(|_| !self.quoted)
    }
}

/// Whether two paths name the same setting, or one a part of the other.
pub(crate) fn overlap(one: &str, other: &str) -> bool {
    let steps = |path: &str| split(&format!("{path}=")).map(|(steps, _)| steps);
    match (steps(one), steps(other)) {
        (Some(one), Some(other)) => one.iter().zip(&other).all(|(a, b)| a.name == b.name),
        _ => one.trim() == other.trim(),
    }
}

/// The steps of the path before the first `=`, and what stands after it; `None` where a step is empty,
/// where there is no `=`, or where there are too many steps.
pub(super) fn split(argument: &str) -> Option<(Vec<Step>, &str)> {
    let mut steps = vec![Step::default()];
    // The quote that is open, and where it stands.
    let mut open: Option<(char, usize)> = None;
    let (mut end, mut escaped) = (None, false);
    for (at, c) in argument.char_indices() {
        let step = steps.last_mut()?;
        match (open, c) {
            (Some((quote, from)), c) if c == quote && !escaped => {
                step.name = unquoted(argument.get(from..=at)?);
                open = None;
            }
            (Some((quote, _)), c) => escaped = quote == '"' && c == '\\' && !escaped,
            // A name in quotes may contain anything; elsewhere in a step a quote is part of it.
            (None, '"' | '\'') if step.name.trim().is_empty() => {
                step.quoted = true;
                open = Some((c, at));
            }
            (None, '=') => {
                end = Some(at);
                break;
            }
            // A path as messages write it, `layers[0]`, is one as well.
            (None, '.' | '[') => steps.push(Step::default()),
            (None, ']') => {}
            (None, c) if step.quoted && c.is_whitespace() => {}
            (None, c) => step.name.push(c),
        }
    }
    let value = argument.get(end? + 1..)?;
    for step in steps.iter_mut().filter(|step| !step.quoted) {
        step.name = step.name.trim().to_owned();
    }
    let right = steps.len() <= DEPTH && !steps.iter().any(|step| step.name.is_empty());
    right.then_some((steps, value))
}

/// The name that stands in quotes: with escapes as TOML has them, or as it is.
fn unquoted(text: &str) -> String {
    match toml::parse_value(text).map(|node| node.value) {
        Some(Value::Text(name)) => name,
        _ => text.get(1..text.len() - 1).unwrap_or_default().to_owned(),
    }
}

/// Of a setting for one column, such as `formats.price = "1.5"`: its name, that of the column, and the
/// value as it is written.
pub(crate) fn column_setting(text: &str) -> Option<(String, String, &str)> {
    let (steps, value) = split(text)?;
    let [setting, column] = <[Step; 2]>::try_from(steps).ok()?;
    Some((setting.name, column.name, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::{column_setting, split};

    #[test]
    fn quotes_are_those_of_toml() {
        let names = |text: &str| {
            let (steps, value) = split(text)?;
            Some((steps.into_iter().map(|step| step.name).collect::<Vec<_>>(), value.to_owned()))
        };
        let of = |names: &[&str], value: &str| {
            Some((names.iter().map(|&name| name.to_owned()).collect(), value.to_owned()))
        };
        assert_eq!(names("a . b=1"), of(&["a", "b"], "1"));
        assert_eq!(names("a[0].b==1"), of(&["a", "0", "b"], "=1"));
        assert_eq!(names(r#"a."b.c=d" ="x""#), of(&["a", "b.c=d"], "\"x\""));
        assert_eq!(names(r#"a."b\"c\u0060"=1"#), of(&["a", "b\"c`"], "1"));
        assert_eq!(names(r"a.'b\'=1"), of(&["a", r"b\"], "1"));
        assert_eq!(names(r#"a."b\q"=1"#), of(&["a", r"b\q"], "1"));
        assert_eq!(names("a.it's=1"), of(&["a", "it's"], "1"));
        for text in ["a", "=1", "a.=1", "a.\"b=1", "a.\"\"=1"] {
            assert_eq!(names(text), None, "{text}");
        }
        let index = |text: &str| split(text).and_then(|(steps, _)| steps.last()?.index());
        assert_eq!((index("a.7=1"), index("a.\"7\"=1")), (Some(7), None));
    }

    #[test]
    fn a_setting_of_a_column_is_taken_apart() {
        let (setting, column, value) = column_setting(r#"formats."a = b" = "1 = 2""#).unwrap();
        assert_eq!((&*setting, &*column, value), ("formats", "a = b", "\"1 = 2\""));
        assert_eq!(column_setting("task = 1"), None);
    }
}
