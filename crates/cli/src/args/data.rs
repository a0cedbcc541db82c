//! The options that say which data a recipe is made for, and what cannot be seen in them.

use clap::{Args, ValueEnum};

/// Data to make a recipe for, and what cannot be detected in them.
#[derive(Debug, Default, Args)]
pub(crate) struct Data {
    /// The data, even if the name of the file ends like that of a recipe; - is standard input
    #[arg(long = "data", value_name = "DATA", conflicts_with = "what")]
    pub(crate) path: Option<String>,
    /// The column to predict: its name, or its position (the first is 0, the last is -1); may be
    /// repeated, to predict several
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(crate) target: Vec<String>,
    /// The column that says what each row counts, in training and in scores; it is no input
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(crate) weights: Option<String>,
    /// A column by which you know the rows, such as an order number: it is no input, and stands beside
    /// predictions; may be repeated
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(crate) id: Vec<String>,
    /// Separate test data [default: a part of the data is held out]
    #[arg(long, value_name = "DATA")]
    pub(crate) test: Option<String>,
    /// Separate validation data [default: a part of the training data is held out]
    #[arg(long, value_name = "DATA")]
    pub(crate) validation: Option<String>,
    /// How rows are held out: random; time, the last rows, or time:COLUMN, the latest; group:COLUMN,
    /// all rows of a group together [default: random]
    #[arg(long, value_name = "RULE", value_parser = SplitBy::parse,
          conflicts_with_all = ["test", "validation"])]
    pub(crate) split: Option<SplitBy>,
    /// Forecast the next N values of the target, a time series
    #[arg(long, value_name = "N", value_parser = super::numbers::whole::<usize>(1, 1 << 20), allow_negative_numbers = true,
          conflicts_with_all = ["test", "validation", "split", "weights", "id"])]
    pub(crate) horizon: Option<usize>,
    /// The column that says which of several series a row is of: windows are made in each, or without --horizon each is
    /// one sequence (of a folder of tables: file)
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true, conflicts_with_all = ["test", "validation"])]
    pub(crate) series: Option<String>,
    /// The column of times, by which the rows of a series are in order
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub(crate) time: Option<String>,
    /// Kind of problem [default: text for a .txt file that is no table; classes if the target is text, or whole numbers with two different
    /// values, at most 10 with 5 rows each on average, or at most 20 with 50 rows each; else a number]
    #[arg(long, value_enum)]
    pub(crate) task: Option<Task>,
    /// Whether the first row of a CSV file holds the column names [default: detected]
    #[arg(long, value_enum)]
    pub(crate) header: Option<Answer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Task {
    /// The target is one of several classes
    Classification,
    /// The target is a number
    Regression,
    /// The file is a text, of which each character foretells the next
    Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Answer {
    /// The first row is a header
    Yes,
    /// The first row is data
    No,
}

/// By what rule rows are held out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SplitBy {
    /// At random, by class where the target is one.
    Random,
    /// The last rows, in the order of the data or of a column.
    Time(Option<String>),
    /// All rows with the same value of a column together.
    Group(String),
}

impl SplitBy {
    fn parse(text: &str) -> Result<Self, String> {
        let (rule, column) = match text.split_once(':') {
            Some((rule, column)) => (rule, Some(column.to_owned())),
            None => (text, None),
        };
        let expected = "expected random, time, time:COLUMN or group:COLUMN";
        match (rule, column) {
            (_, Some(column)) if column.is_empty() => {
                Err(format!("{expected}; the name of the column is missing"))
            }
            ("random", None) => Ok(Self::Random),
            ("time", column) => Ok(Self::Time(column)),
            ("group", Some(column)) => Ok(Self::Group(column)),
            ("group", None) => Err(format!("{expected}; the name of the column is missing")),
            _ => Err(expected.to_owned()),
        }
    }
}
