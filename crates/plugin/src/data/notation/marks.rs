//! `Marks`: what stands between the digits of a number.

/// The marks of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Marks {
    /// What stands before the fraction: `.` or `,`.
    pub decimal: char,
    /// What may stand between groups of digits: `,`, `.`, a blank or `'`.
    pub group: Option<char>,
}

impl Marks {
    /// All that are read, the most usual first.
    pub const ALL: [Self; 7] = [
        Self { decimal: '.', group: None },
        Self { decimal: ',', group: None },
        Self { decimal: '.', group: Some(',') },
        Self { decimal: ',', group: Some('.') },
        Self { decimal: '.', group: Some(' ') },
        Self { decimal: ',', group: Some(' ') },
        Self { decimal: '.', group: Some('\'') },
    ];

    /// The number that digits with these marks are.
    pub(super) fn number(self, body: &str) -> Option<f64> {
        let (mut digits, mut length) = ([0_u8; 64], 0);
        // How many digits stand in the group so far, and whether a group mark was met.
        let (mut group, mut grouped, mut fraction) = (0, false, false);
        let mut put = |byte: u8| {
            *digits.get_mut(length)? = byte;
            length += 1;
            Some(())
        };
        let mut rest = body.chars();
        while let Some(c) = rest.next() {
            match c {
                '0'..='9' => {
                    put(c as u8)?;
                    group += 1;
                }
                'e' | 'E' => {
                    put(b'e')?;
                    rest.try_for_each(|c| u8::try_from(c).ok().and_then(&mut put))?;
                    break;
                }
                c if c == self.decimal && !fraction => {
                    if grouped && group != 3 {
                        return None;
                    }
                    put(b'.')?;
                    (fraction, grouped) = (true, false);
                }
                c if self.group == Some(plain(c)) && !fraction => {
                    // In India the groups before the last have two digits: 12,34,567.
                    let right = match (grouped, c) {
                        (false, _) => (1..=3).contains(&group) && !body.starts_with('0'),
                        (true, ',') => group == 2 || group == 3,
                        (true, _) => group == 3,
                    };
                    if !right {
                        return None;
                    }
                    (group, grouped) = (0, true);
                }
                _ => return None,
            }
        }
        if grouped && group != 3 {
            return None;
        }
        std::str::from_utf8(digits.get(..length)?).ok()?.parse().ok()
    }
}

impl Default for Marks {
    fn default() -> Self {
        Self::ALL[0]
    }
}

/// A mark as [`Marks`] names it, of several that look alike.
const fn plain(mark: char) -> char {
    match mark {
        '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
        '\u{2019}' => '\'',
        other => other,
    }
}
