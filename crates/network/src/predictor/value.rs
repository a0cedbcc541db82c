//! `Value`: what a row holds in a column, as a program has it.

/// What a row holds in a column.
///
/// Numbers, texts and options of them become values by `into()`:
///
/// ```
/// use tanren_network::Value;
///
/// let row: [(&str, Value<'_>); 3] =
///     [("age", 41.into()), ("city", "Paris".into()), ("income", None::<f64>.into())];
/// assert_eq!(row[2].1, Value::Missing);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// A number. In a category it is the level of that name: 2 is the level `2`.
    Number(f64),
    /// A level of a category, or a number as it is written.
    Text(&'a str),
    /// Nothing is known.
    Missing,
}

impl From<f64> for Value<'_> {
    fn from(x: f64) -> Self {
        Self::Number(x)
    }
}

impl From<f32> for Value<'_> {
    fn from(x: f32) -> Self {
        Self::Number(x.into())
    }
}

impl From<i32> for Value<'_> {
    fn from(x: i32) -> Self {
        Self::Number(x.into())
    }
}

impl From<u32> for Value<'_> {
    fn from(x: u32) -> Self {
        Self::Number(x.into())
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a, V: Into<Value<'a>>> From<Option<V>> for Value<'a> {
    fn from(value: Option<V>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}
