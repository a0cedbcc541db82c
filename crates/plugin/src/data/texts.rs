//! `Texts`: a column of data as it is written, by which people know its rows.

/// A column as it is written, one text per row: an order number, a name. No network sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    /// The name of the column.
    pub name: String,
    /// The text of each row, without quotes around it; empty where there is none.
    pub texts: Vec<String>,
}

impl Texts {
    /// An empty column.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), texts: Vec::new() }
    }

    /// The same column of these rows alone, in this order.
    ///
    /// # Panics
    /// When a row is not in the column.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        let texts = rows.iter().map(|&row| self.texts[row].clone()).collect();
        Self { name: self.name.clone(), texts }
    }
}
