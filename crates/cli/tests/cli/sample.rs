//! `sample` writes what a model of text has learnt, and `predict --stream` goes on from line to line.

use crate::harness::{Place, text};
use std::fmt::Write as _;
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

/// A forecast that is taken for what came is what the next one goes on from.
#[test]
fn series_go_on() {
    let place = Place::new();
    let mut rows = String::from("day,shop,sales,visits\n");
    for (t, shop) in (0..150).flat_map(|t| (0..2).map(move |shop| (t, shop))) {
        let sales = 100.0 + 50.0 * f64::from(shop) + f64::from((t * 3) % 7) * 9.0;
        let sales = sales + f64::from((t * t * 13 + shop * 5) % 17) / 4.0;
        writeln!(rows, "{t},s{shop},{sales:.1},{}", (t * 5) % 11).unwrap();
    }
    place.write("sales.csv", &rows);
    let train = "train sales.csv --time day --horizon 4 --epochs 30 --quiet \
                 --series shop";
    let one = format!("{train} --target sales --set data.source.of.ignore=[visits] --out one");
    assert!(place.tanren(&one).status.success());
    let written = place.prints("sample one --length 11 --temperature 0");
    let lines: Vec<&str> = written.lines().collect();
    assert_eq!((lines.len(), lines[0]), (1 + 2 * 11, "shop,ahead,sales"), "{written}");
    // The first steps are those that `predict` writes.
    let predicted = place.prints("predict one");
    let first = predicted.lines().find(|line| line.contains("s0")).unwrap();
    let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let of_first = lines.iter().map(|line| cells(line)).filter(|cells| cells[0] == "s0");
    let of_first: Vec<f64> = of_first.map(|cells| cells[2].parse().unwrap()).collect();
    assert!(first.ends_with(&of_first[..4].iter().map(|x| format!(",{x:?}")).collect::<String>()));
    // The pattern goes on, though the forecast reaches four steps alone.
    for (step, value) in of_first.iter().enumerate() {
        let next = 102.0 + f64::from(((150 + step as i32) * 3) % 7) * 9.0;
        assert!((value - next).abs() < 5.0, "step {step}: {value}, expected {next}");
    }
    // Chance is drawn from the errors of the model; the length is that of a forecast.
    let free = |seed: u64| place.prints(&format!("sample one --seed {seed}"));
    assert_eq!((free(1).lines().count(), free(1)), (9, free(1)));
    assert_ne!(free(1), free(2));
    place.fails("sample one --prompt a", 2, &["--prompt", "forecasts a series"]);
    place.fails("sample one --length 9999999999", 2, &["--length", "at most 1048576"]);
    // As few rows as a forecast needs are enough: the errors are those on the data of the training.
    let few: String = std::iter::once(rows.lines().next().unwrap())
        .chain(rows.lines().skip(1 + 2 * 80))
        .map(|line| format!("{line}\n"))
        .collect();
    place.write("few.csv", &few);
    place.prints("sample one --data few.csv");
    // Other data go on where they end, as the same source reads them.
    let other: String = rows.lines().take(1 + 2 * 80).map(|line| format!("{line}\n")).collect();
    place.write("other.csv", &other);
    let of_other = place.prints("sample one --temperature 0 --data other.csv");
    assert_ne!(of_other, place.prints("sample one --temperature 0"));
    place.fails("sample one --data none.csv", 3, &["none.csv: no such file"]);
    // Nobody knows what will stand in other columns.
    assert!(place.tanren(&format!("{train} --target sales --out two")).status.success());
    place.fails("sample two", 3, &["the inputs visits beside them"]);
}

#[test]
fn only_text_is_written() {
    let place = Place::new();
    let output = place.tanren("train iris --epochs 1 --out run --quiet");
    assert!(output.status.success(), "{}", text(&output.stderr));
    place.fails("sample run", 2, &["by a model that forecasts", "predict run"]);
    place.fails("sample none", 6, &["none: no such run or model"]);
    std::fs::create_dir_all(place.path("all")).unwrap();
    place.fails("sample all", 6, &["all is a folder without a model"]);
    std::fs::rename(place.path("run"), place.path("all/run")).unwrap();
    place.fails("predict all", 6, &["such as all/run"]);
    std::fs::rename(place.path("all/run"), place.path("run")).unwrap();
    // A model without time takes each line by itself.
    let (out, err, code) = stream(&place, "5.1,3.5,1.4,0.2\n5.1,3.5,1.4,0.2\n");
    assert_eq!(code, Some(0), "{err}");
    let lines: Vec<&str> = out.lines().collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[1], lines[2]);
}
