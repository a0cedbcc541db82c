//! Whether a text is an SVMLight file, by its first lines.
//!
//! Every line must be a label and `index:value` pairs with ascending indices; some lines may have a
//! label alone. Tables separated by blanks can look so, too, if they hold times of day: `5 12:30`.
//! So pairs that could all be times are not enough, unless a row counts 1, 2, 3, …

use crate::svmlight::lines::{BOM, uncommented};

/// The most lines that are looked at.
const LINES: usize = 50;

/// Whether a text, or the beginning of a longer one, looks like sparse rows.
pub(crate) fn looks_sparse(start: &[u8], whole: bool) -> bool {
    let start = start.strip_prefix(BOM).unwrap_or(start);
    // The last line may be cut off; of a line that is longer than all there is, the last word.
    let cut = |mark: fn(&u8) -> bool| start.iter().rposition(mark).unwrap_or(0);
    let end = match cut(|&byte| byte == b'\n') {
        _ if whole => start.len(),
        0 => cut(u8::is_ascii_whitespace),
        newline => newline,
    };
    let lines = start.get(..end).unwrap_or(start).split(|&byte| byte == b'\n');
    let lines = lines.map(uncommented).filter(|line| !line.trim_ascii().is_empty());
    let mut found = Found::default();
    lines.take(LINES).all(|line| std::str::from_utf8(line).is_ok_and(|line| found.row(line)))
        && found.sparse()
}

/// What the rows so far have.
#[derive(Default)]
struct Found {
    /// The most pairs in a row.
    pairs: usize,
    /// Whether a row has no label.
    unlabelled: bool,
    /// Whether a pair cannot be a time of day.
    no_time: bool,
    /// Whether a row of several pairs counts 0, 1, 2, … or 1, 2, 3, …
    counts: bool,
}

impl Found {
    fn sparse(&self) -> bool {
        let enough = if self.unlabelled { 2 } else { 1 };
        self.pairs >= enough && (self.no_time || self.counts)
    }

    /// Whether a line can be a row.
    fn row(&mut self, line: &str) -> bool {
        let mut words = line.split_ascii_whitespace().peekable();
        match words.next_if(|word| !word.contains(':')) {
            Some(label) if is_label(label) => {}
            Some(_) => return false,
            None => self.unlabelled = true,
        }
        words.next_if(|word| word.starts_with("qid:"));
        let (mut pairs, mut before, mut counts) = (0, None, true);
        for word in words {
            let Some((index, value)) = word.split_once(':') else { return false };
            let digits = !index.is_empty() && index.bytes().all(|byte| byte.is_ascii_digit());
            let place = index.parse::<u64>().ok().filter(|_| digits);
            let Some(place) = place.filter(|_| value.parse::<f64>().is_ok()) else { return false };
            if before.is_some_and(|before| before >= place) {
                return false;
            }
            counts &= before.map_or(place <= 1, |before| place == before + 1);
            self.no_time |= !is_time(index, value);
            (pairs, before) = (pairs + 1, Some(place));
        }
        self.pairs = self.pairs.max(pairs);
        self.counts |= counts && pairs > 1;
        true
    }
}

/// A number, several with commas between them, which the reader refuses by name, or `?`.
fn is_label(word: &str) -> bool {
    word == "?" || word.split(',').all(|label| label.parse::<f64>().is_ok())
}

/// Whether a pair can be a time of day.
fn is_time(hours: &str, minutes: &str) -> bool {
    let below =
        |text: &str, most: u8| text.len() <= 2 && text.parse::<u8>().is_ok_and(|x| x < most);
    below(hours, 24) && minutes.len() == 2 && below(minutes, 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sparse_rows_are_told_from_tables() {
        for text in [
            "+1 2:0.280 3:0.861\n-1 1:1\n",
            "1\n0 5:1\n",                     // a label alone
            "# a comment\n\n3 1:2 # 4:x\r\n", // comments, CRLF
            "1 qid:3 1:2\n",
            "nan 1:nan 7:-1e3\n",
            "\u{feff}1 1:2\n",
            "1,3 2:0.5\n", // several labels, for the reader to refuse
            "? 1:0.5\n",
            "1:0.5 2:1\n",        // no label
            "0 1:10 2:20 3:30\n", // could be times, but counts
            "2 16:9\n",
        ] {
            assert!(looks_sparse(text.as_bytes(), true), "{text:?}");
        }
        for text in [
            "",
            "1\n2\n",
            "5 12:30\n6 12:45\n", // times
            "12:30 5\n",
            "1 08:00 16:30\n",
            "1 12:30:15\n",
            "x 1:2\n",
            "id time\n1 1:2\n",
            "1:2\n3:4\n", // a column of ratios
            "1,2,3\n",
            "1 3:1 2:1\n", // not ascending
            "1 2:1 2:1\n",
            "1 a:2\n",
            "1 -1:2\n",
            "1 1:x\n",
            "1 1:2\n1 1\n",
        ] {
            assert!(!looks_sparse(text.as_bytes(), true), "{text:?}");
        }
    }

    #[test]
    fn what_is_cut_off_does_not_count() {
        assert!(looks_sparse(b"1 1:0.5\n1 2:0.5\n1 3:", false));
        assert!(looks_sparse(b"1 1:0.5 2:0.5 3:", false));
        assert!(!looks_sparse(b"1 1:0.5\n1 2:0.5\n1 3:", true));
        assert!(!looks_sparse(b"1", false));
        assert!(!looks_sparse(b"1 1:2\n\xff\n", true));
        assert!(looks_sparse(b"1 1:2 # \xff\n", true));
    }
}
