//! How a setting is written, in words.

use tanren_plugin::Kind;

/// What a setting of this kind may be: `a finite number above 0`.
pub(crate) fn kind(kind: &Kind) -> String {
    match kind {
        Kind::Number(range) => range.to_string(),
        Kind::Whole(range) => match range.whole() {
            said if said.starts_with("a whole") => said,
            said => format!("a whole number, {said}"),
        },
        Kind::Truth => "true or false".into(),
        Kind::Text => "a text".into(),
        Kind::Character => "a single character".into(),
        Kind::Word(word, _) => (*word).into(),
        Kind::Tagged(name, _, value) => format!("{{ {name} = {} }}", self::kind(value)),
        Kind::Plugin(family) | Kind::Aimed(family, _) => a(family),
        Kind::List(item) => format!("a list, each item {}", self::kind(item)),
        Kind::Map(value) => format!("a table, each value {}", self::kind(value)),
        Kind::Table(about) => {
            let names = about.settings.iter().map(|setting| setting.name).collect::<Vec<_>>();
            format!("a table of {}", names.join(", "))
        }
        Kind::Either(kinds) => {
            let mut said: Vec<String> = flat(kinds).into_iter().map(self::kind).collect();
            let last = said.pop().unwrap_or_default();
            match said.is_empty() {
                true => last,
                false => format!("{} or {last}", said.join(", ")),
            }
        }
        _ => "any value".into(),
    }
}

/// The kinds that are no choice themselves.
fn flat(kinds: &[Kind]) -> Vec<&Kind> {
    let each = kinds.iter().map(|kind| match kind {
        Kind::Either(kinds) => flat(kinds),
        kind => vec![kind],
    });
    each.flatten().collect()
}

/// The name of a family with its article: `an activation`.
fn a(family: &str) -> String {
    let article = if family.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {}", family.replace('-', " "))
}

/// `text` in lines of at most `width` characters, each after `indent` blanks.
pub(crate) fn wrapped(text: &str, indent: usize, width: usize) -> String {
    let (mut lines, mut line) = (String::new(), String::new());
    let flush = |line: &mut String, lines: &mut String| {
        if !line.is_empty() {
            lines.push_str(&" ".repeat(indent));
            lines.push_str(line);
            lines.push('\n');
            line.clear();
        }
    };
    for word in text.split_whitespace() {
        let long = indent + line.chars().count() + 1 + word.chars().count();
        if long > width {
            flush(&mut line, &mut lines);
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    flush(&mut line, &mut lines);
    lines
}
