//! Data with time, by the automatic recipe: a text, and a series to forecast.

use crate::harness::{Place, text};
use std::fmt::Write as _;

/// Monthly sales that grow, with a season.
fn sales(months: usize) -> String {
    let mut rows = String::from("month,shop,sales\n");
    for t in 0..months {
        let season = (t as f64 * std::f64::consts::TAU / 12.0).sin();
        let value = (100.0 + 2.0 * t as f64) * (1.0 + 0.3 * season);
        let (year, month) = (2000 + t / 12, 1 + t % 12);
        let shop = if t % 2 == 0 { "a" } else { "b" };
        writeln!(rows, "{year}-{month:02}-01,{shop},{value:.1}").unwrap();
    }
    rows
}

#[test]
fn a_series_is_forecast_and_compared_with_simple_rules() {
    let place = Place::new();
    place.write("sales.csv", &sales(120));
    let line = "train sales.csv --target sales --time month --horizon 12 --epochs 30 --out run";
    let output = place.tanren(line);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let shown = text(&output.stdout) + &text(&output.stderr);
    for words in
        ["12 steps", "counted from the season before", "logarithm", "Simple rules", "persistence"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    // A forecast that looks into the next part takes part in nothing.
    let split = place.read("run/split.csv");
    let count = |part: &str| split.lines().filter(|line| line.ends_with(part)).count();
    assert!(count(",none") >= 11 && count(",train") > 20 && count(",test") > 5, "{split}");
    // What is printed is what the scores say.
    let scores = place.json("eval run --json");
    let naive = scores["references"]["seasonal naive"]["mae"].as_f64().unwrap();
    let ours = scores["test"]["mae"].as_f64().unwrap();
    assert!(shown.contains(&format!("the model has {:.3} of that", ours / naive)), "{shown}");
    assert!(ours < naive, "{ours} {naive}");

    // Rows that take no part in training are no change of the data.
    let resumed = place.tanren("resume run --epochs 31 --quiet");
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));

    // Without more than is known, the months after the last one are predicted.
    let predicted = place.prints("predict run");
    let lines: Vec<&str> = predicted.lines().collect();
    assert_eq!(lines.len(), 2, "{predicted}");
    assert!(lines[0].contains("sales+1") && lines[0].contains("sales+12"), "{predicted}");
    let first: f64 = lines[1].split(',').nth(1).unwrap().parse().unwrap();
    let year_before: f64 = 100.0 + 2.0 * 108.0;
    assert!((first / year_before - 1.0).abs() < 0.4, "{predicted}");

    let settings = "train sales.csv --target sales --time month --horizon 6 --epochs 1 --out other \
                    --set data.source.length=18 --set data.source.of.max-levels=7";
    let output = place.tanren(settings);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let recipe = place.read("other/recipe.toml");
    assert!(recipe.contains("length = 18") && recipe.contains("max-levels = 7"), "{recipe}");
}

#[test]
fn what_a_forecast_needs_is_said() {
    let place = Place::new();
    place.write("sales.csv", &sales(60));
    place.fails("train sales.csv --target sales --time month", 2, &["--time needs --horizon"]);
    place.fails("train sales.csv --horizon 3", 2, &["--horizon needs --target"]);
    place.fails("train sales.csv --target shop --horizon 3", 3, &["shop", "\"a\""]);
    let line = "train sales.csv --target shop --horizon 3 --task classification";
    place.fails(line, 2, &["forecasts numbers", "--task classification"]);
    // Few different whole numbers are a series, too.
    let few: String = (0..60).map(|t| format!("{}\n", t * t % 3)).collect();
    place.write("few.csv", &format!("y\n{few}"));
    let output = place.tanren("train few.csv --target y --horizon 2 --epochs 1 --out few");
    assert!(output.status.success(), "{}", text(&output.stderr));
    place.fails(
        "train sales.csv --target sales --horizon 90",
        3,
        &["sales.csv: ", "90 to forecast"],
    );
    place.fails("train sales.csv --target sales --time year --horizon 3", 3, &["year"]);
    let mut doubled = sales(60);
    doubled.push_str("2004-12-01,a,5\n");
    place.write("doubled.csv", &doubled);
    let line = "train doubled.csv --target sales --time month --horizon 3";
    place.fails(line, 3, &["doubled.csv, line 62", "column month", "row 59", "is of in --series"]);
    // No number is too large to be told so.
    for setting in ["period", "horizon", "gap"] {
        let set = format!("--set data.source.{setting}=18446744073709551615");
        let line = format!("train sales.csv --target sales --time month --horizon 3 {set}");
        place.fails(&line, 3, &["expected at least 18446744073709551615 rows"]);
    }
    // What names a setting of the file says where it is; what an option did is told by its name.
    let line = "train sales.csv --target sales --time mont --horizon 3";
    place.fails(line, 3, &["--time: no column \"mont\"", "did you mean \"month\""]);
    let line = "train sales.csv --target sales --time month --horizon 3 --set data.source.series=x";
    place.fails(line, 3, &["column \"x\"", "help: --set data.source.of.beside=…"]);
    // A column that says nothing leaves the series itself to forecast from, and nothing without one.
    place.write("one.csv", &sales(60).replace(",b,", ",a,"));
    let line = "train one.csv --target sales --time month --horizon 3 --epochs 1 --out one";
    assert!(place.tanren(line).status.success());
    let line = "train one.csv --target sales --set data.source.ignore=[month]";
    place.fails(line, 3, &["no input column is left (column shop left out", "say --horizon N"]);
}

/// What is said of a forecast is what was chosen.
#[test]
fn choices_are_those_of_the_recipe() {
    let place = Place::new();
    place.write("short.csv", &sales(60));
    let recipe = place.prints("init short.csv --target sales --time month --horizon 12 --output -");
    assert!(recipe.contains("16 steps, differences of 1 (as far as the rows allow)"), "{recipe}");
    assert!(recipe.contains("length = 16") && recipe.contains("difference = [1],"), "{recipe}");
    // Of a short series all windows may look into the next part: then nothing is held out to validate on.
    place.write("shorter.csv", &sales(48));
    let line = "init shorter.csv --target sales --time month --horizon 12 --output -";
    assert!(place.prints(line).contains("validation = 0.0"));
    place.write("shortest.csv", &sales(27));
    let line = "train shortest.csv --target sales --time month --horizon 12";
    place.fails(line, 3, &["fewer steps ahead, or more rows"]);
    // Without inputs a recipe has nothing to learn from, and the reason is told.
    place.write("same.csv", "a,y\n1,2.5\n1,3.5\n1,4.5\n1,2\n1,3\n1,2\n1,3\n1,2\n1,3\n1,2\n1,8\n");
    let recipe = place.prints("init short.csv --target sales --output -");
    place
        .write("same.toml", &recipe.replace("short.csv", "same.csv").replace("\"sales\"", "\"y\""));
    place.fails(
        "train same.toml",
        3,
        &["no input is left", "a left out: it is \"1\" in every row"],
    );
    // One series has no logarithm, so that none is taken.
    let sales = sales(120);
    let rows = sales.lines().enumerate().map(|(n, line)| match n {
        0 => format!("{line},profit\n"),
        n => format!("{line},{}\n", n as i64 % 12 - 6),
    });
    place.write("two.csv", &rows.collect::<String>());
    let line = "init two.csv --target sales --target profit --time month --horizon 3 --output -";
    let recipe = place.prints(line);
    assert!(recipe.contains("log = false") && !recipe.contains("logarithm"), "{recipe}");
    // A rule that is never wrong is shown, too.
    let spike = |t: usize| if t == 5 { 9 } else { 1 };
    let flat: String = (0..80).map(|t| format!("{}\n", spike(t))).collect();
    place.write("flat.csv", &format!("y\n{flat}"));
    let output = place.tanren("train flat.csv --target y --horizon 2 --epochs 1 --out flat");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let shown = text(&output.stdout) + &text(&output.stderr);
    assert!(shown.contains("persistence mae 0.0000; the model has"), "{shown}");
}

/// Writes a recipe for sequences of the rows of `rows.csv`, with a target `y` at some of their steps.
fn steps_recipe(place: &Place, network: &str, data: &str) {
    let recipe = format!(
        r#"
format = 1
[data]
source = {{ type = "sequences", of = {{ type = "csv", path = "rows.csv", beside = ["id"] }}, id = "id", order = "t", target = ["y"] }}
split = "random"
{data}
[network]
{network}
[training]
epochs = 2
updaters = ["adam"]
search = {{ type = "learning-rate", rate = 0.01 }}
"#
    );
    place.write("recipe.toml", &recipe);
}

/// A target that is not known at every step: no truth is invented for the others.
#[test]
fn steps_without_labels_have_no_truth() {
    let place = Place::new();
    let mut rows = String::from("id,t,x,y\n");
    for (id, t) in (0..40).flat_map(|id| (0..9).map(move |t| (id, t))) {
        let x = (id * 7 + t * 3) % 11;
        let y = if t % 3 == 2 { format!("{}", 100 + x) } else { String::new() };
        writeln!(rows, "s{id},{t},{x},{y}").unwrap();
    }
    place.write("rows.csv", &rows);
    let network = r#"
layers = [{ type = "rnn", units = 4 }, { type = "dense", units = 1 }]
loss = "mse"
"#;
    steps_recipe(&place, network, "targets = [\"standardize\"]");
    let output = place.tanren("train recipe.toml --out run --quiet");
    assert!(output.status.success(), "{}", text(&output.stderr));
    let shown = text(&place.tanren("eval run").stdout);
    assert!(shown.contains("Most wrong") && !shown.contains("instead of 0.0000"), "{shown}");
    let rows = text(&place.tanren("eval run --predictions -").stdout);
    let truths: Vec<&str> = rows.lines().skip(1).filter_map(|row| row.split(',').nth(3)).collect();
    assert!(rows.starts_with("row,id,step,truth,prediction\n"), "{rows}");
    assert!(shown.contains(", step "), "{shown}");
    // Every step is told whose it is.
    let told = text(&place.tanren("predict run --data rows.csv").stdout);
    assert_eq!(told.lines().count(), 1 + 40 * 9, "{told}");
    let begins = |(at, line): (usize, &str)| line.starts_with(&format!("s{},{},", at / 9, at % 9));
    assert!(told.starts_with("id,step,prediction\n"), "{told}");
    assert!(told.lines().skip(1).enumerate().all(begins), "{told}");
    let known = truths.iter().filter(|truth| !truth.is_empty()).count();
    assert_eq!((truths.len(), 3 * known), (8 * 9, 8 * 9), "{rows}");
}

/// Of a long sequence `check` looks at a few steps: those that end where the last one is that counts.
#[test]
fn checks_look_at_steps_that_count() {
    let place = Place::new();
    let mut rows = String::from("id,t,x,y\n");
    for (id, t) in (0..30).flat_map(|id| (0..40).map(move |t| (id, t))) {
        let y = if t == 37 { ["low", "high"][id % 2] } else { "" };
        writeln!(rows, "s{id},{t},{},{y}", (id * 7 + t * 3) % 11).unwrap();
    }
    place.write("rows.csv", &rows);
    let network = r#"
layers = [{ type = "gru", units = 8 }, { type = "dense", units = 2 }]
loss = "cross-entropy"
"#;
    steps_recipe(&place, network, "");
    let output = place.tanren("check recipe.toml");
    let shown = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success(), "{shown}");
    assert!(!shown.contains("NaN"), "{shown}");
}

#[test]
fn a_folder_of_texts_is_a_text() {
    let place = Place::new();
    std::fs::create_dir(place.path("poems")).unwrap();
    for name in ["a.txt", "b.txt"] {
        place.write(&format!("poems/{name}"), &"The sea, the sea! It sings.\n".repeat(40));
    }
    let output = place.tanren("train poems --epochs 1 --out run");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("sample run"));
    place.write("poems/c.csv", "x,y\n1,2\n");
    place.fails("train poems", 3, &["neither IDX files nor tables", "--task text reads its texts"]);
}

/// A setting of the source is swept by reading the data with each of its values.
#[test]
fn windows_of_several_lengths_are_swept() {
    let place = Place::new();
    place.write("sales.csv", &sales(160));
    let sweep =
        "sweep sales.csv --target sales --time month --horizon 6 --updates 30 --quiet --json";
    let result = place.json(&format!("{sweep} --over data.source.length=6,30 --rates 0.01"));
    let candidates = result["candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 2, "{result}");
    assert_ne!(candidates[0]["score"], candidates[1]["score"], "{result}");
}

/// Of a long row, a few numbers are enough to see how wrong it is.
#[test]
fn the_worst_forecasts_fit_a_line() {
    let place = Place::new();
    place.write("sales.csv", &sales(160));
    let train = "train sales.csv --target sales --time month --horizon 12 --epochs 1 --out run";
    assert!(place.tanren(train).status.success());
    let shown = text(&place.tanren("eval run").stdout);
    let worst = shown.lines().skip_while(|line| *line != "Most wrong").nth(1).unwrap_or_default();
    assert_eq!(worst.matches("… (12 numbers)").count(), 2, "{shown}");
}

#[test]
fn a_text_is_told_from_a_table() {
    let place = Place::new();
    let verse = "Tell me, where is fancy bred,\nOr in the heart or in the head?\n";
    place.write("verse.txt", &verse.repeat(30));
    let line = "train verse.txt --epochs 1 --out run --set network.layers.0.units=8";
    let output = place.tanren(line);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let shown = text(&output.stdout) + &text(&output.stderr);
    for words in
        ["none: through all steps", "which is short", "in the order of time", " sample run"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(!shown.contains("false alarms"), "a rare letter is nothing to note: {shown}");
    assert_eq!(place.prints("sample run --length 30").chars().count(), 31);
    place.write("verse.md", &verse.repeat(3));
    place.fails("train verse.md", 3, &["expected 3 cells", "--task text trains a model"]);

    let table: String = (0..60).map(|i| format!("{} {}\n", i, i % 7)).collect();
    place.write("table.txt", &table);
    let output = place.tanren("train table.txt --target -1 --epochs 1 --out table");
    assert!(output.status.success(), "{}", text(&output.stderr));
    // What a table is called may be overruled, and a text cannot be asked for a column.
    let output = place.tanren("train table.txt --task text --epochs 1 --out letters");
    assert!(output.status.success(), "{}", text(&output.stderr));
    place.fails("train verse.txt --task text --target 1", 2, &["is a text", "--target"]);
    place.fails("train iris --task text", 2, &["embedded data set"]);
    place.write("a.txt", &"a".repeat(3000));
    place.fails("train a.txt --task text", 3, &["at least two classes", "\"a\""]);
    std::fs::create_dir(place.path("books")).unwrap();
    place.write("books/one.txt", &verse.repeat(30));
    place.write("books/two.txt", &verse.repeat(20));
    let recipe = place.prints("init books --task text --output -");
    assert!(recipe.contains("length = 48") && !recipe.contains("forward"), "{recipe}");
    // Lines that begin alike go on differently, which no network can know.
    let checked = place.tanren("check verse.txt");
    assert!(checked.status.success(), "{}", text(&checked.stdout));
}
