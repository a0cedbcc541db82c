//! `sample` writes what a model of text has learnt, and `predict --stream` goes on from line to line.

use crate::harness::{Place, text};
use std::io::Write as _;
use std::process::Stdio;

/// A model of a text in which every letter says which one comes next.
fn place() -> Place {
    let place = Place::new();
    place.write("abc.txt", &"abcdefgh\n".repeat(200));
    place.write(
        "recipe.toml",
        r#"
format = 1
[data]
source = { type = "text", path = "abc.txt", length = 90 }
split = { type = "time", column = "position" }
[network]
layers = [{ type = "lstm", units = 8 }, { type = "dense", units = 9 }]
loss = "cross-entropy"
[training]
epochs = 30
batch = 4
truncation = { forward = 30 }
updaters = ["adam"]
search = { type = "learning-rate", rate = 0.05 }
"#,
    );
    let output = place.tanren("train recipe.toml --out run --quiet");
    assert!(output.status.success(), "{}", text(&output.stderr));
    place
}

fn stream(place: &Place, stdin: &str) -> (String, String, Option<i32>) {
    let mut command = place.command("predict run --stream");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    (text(&output.stdout), text(&output.stderr), output.status.code())
}

#[test]
fn a_text_is_written_and_goes_on() {
    let place = place();
    let line = "sample run --prompt abc --length 15 --temperature 0";
    assert_eq!(place.prints(line), "abcdefgh\nabcdefgh\n\n");
    assert_eq!(place.prints("sample run --length 9 --top-k 1"), "abcdefgh\n\n");
    let free = |seed: u64| place.prints(&format!("sample run --temperature 9 --seed {seed}"));
    assert_eq!(free(1), free(1));
    assert_ne!(free(1), free(2));
    assert_eq!(free(1).len(), 501);
    place.fails("sample run --prompt abz", 2, &["--prompt", "\"z\""]);
    place.fails("sample run --temperature -1", 2, &["from 0 on"]);

    // The state of one line is where the next one begins; after an empty line it is that of the start.
    let (out, _, code) = stream(&place, "character\na\nb\n\na\n");
    assert_eq!(code, Some(0), "{out}");
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].starts_with("prediction,"), "{out}");
    // The name of a column has the end of a line in quotes.
    assert_eq!(lines.len(), 5, "{out}");
    assert!(lines[2].starts_with("b,") && lines[3].starts_with("c,"), "{out}");
    assert_eq!(lines[2], lines[4]);
    let (out, err, code) = stream(&place, "a\nb,c\n");
    assert_eq!((out.lines().count(), code), (3, Some(3)), "{err}");
    assert!(err.contains("standard input, line 2: expected 1 cells (character), found 2"), "{err}");
}

/// One number says how probable the second of two letters is.
#[test]
fn two_letters_are_written_by_one_output() {
    let place = Place::new();
    place.write("ab.txt", &"abbabaabbaababba".repeat(40));
    place.write(
        "ab.toml",
        r#"
format = 1
[data]
source = { type = "text", path = "ab.txt", length = 64 }
split = { type = "time", column = "position" }
[network]
layers = [{ type = "dense", units = 1 }]
loss = "binary-cross-entropy"
[training]
epochs = 1
search = { type = "learning-rate", rate = 0.01 }
"#,
    );
    let output = place.tanren("train ab.toml --out run --quiet");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let written = place.prints("sample run --length 60");
    assert!(written.contains('a') && written.contains('b'), "{written}");
}

#[test]
fn only_text_is_written() {
    let place = Place::new();
    let output = place.tanren("train iris --epochs 1 --out run --quiet");
    assert!(output.status.success(), "{}", text(&output.stderr));
    place.fails("sample run", 2, &["a model of text", "predict run"]);
    // A model without time takes each line by itself.
    let (out, err, code) = stream(&place, "5.1,3.5,1.4,0.2\n5.1,3.5,1.4,0.2\n");
    assert_eq!(code, Some(0), "{err}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1], lines[2]);
}
