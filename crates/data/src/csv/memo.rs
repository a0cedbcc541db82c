//! `Memo`: what was found out about texts met before, for columns in which they repeat.

/// The most texts that are remembered; a new one takes the place of another.
const MOST: usize = 128;

/// With more columns than this, nothing is remembered of each: it would take too much memory.
const MANY: usize = 1000;

/// The longest text that is remembered.
const LONGEST: usize = 31;

/// What was found out about the last texts of a column.
pub(super) struct Memo<V> {
    /// None before the first text, since most columns are of numbers.
    slots: Vec<Slot<V>>,
    /// How many there will be: a power of two, or none.
    count: usize,
}

#[derive(Clone, Copy)]
struct Slot<V> {
    text: [u8; LONGEST],
    length: u8,
    found: Option<V>,
}

impl<V: Copy> Memo<V> {
    /// Remembers about so many texts.
    pub(super) fn new(texts: usize) -> Self {
        Self { slots: Vec::new(), count: (2 * texts).next_power_of_two().min(MOST) }
    }

    /// Remembers what it can of one of so many columns.
    pub(super) fn of_column(columns: usize) -> Self {
        Self { slots: Vec::new(), count: if columns > MANY { 0 } else { MOST } }
    }

    /// What was kept about a text, if it still is.
    pub(super) fn find(&self, text: &str) -> Option<V> {
        let text = text.as_bytes();
        let place = self.place(text);
        let slots = [place, place ^ 1].into_iter().filter_map(|place| self.slots.get(place));
        let same = |slot: &&Slot<V>| {
            usize::from(slot.length) == text.len() && slot.text.get(..text.len()) == Some(text)
        };
        slots.filter(same).find_map(|slot| slot.found)
    }

    /// Keeps what was found out about a text, unless that is too long. The text that was there moves
    /// to the slot beside, so that two which share a slot do not take turns.
    pub(super) fn keep(&mut self, text: &str, found: V) {
        let text = text.as_bytes();
        if text.len() > LONGEST || self.count == 0 {
            return;
        }
        if self.slots.is_empty() {
            self.slots = vec![Slot { text: [0; LONGEST], length: 0, found: None }; self.count];
        }
        let place = self.place(text);
        let Some(slot) = self.slots.get_mut(place) else { return };
        let before = *slot;
        slot.text.iter_mut().zip(text).for_each(|(to, from)| *to = *from);
        slot.length = text.len() as u8; // at most LONGEST
        slot.found = Some(found);
        if let Some(beside) = self.slots.get_mut(place ^ 1).filter(|_| before.found.is_some()) {
            *beside = before;
        }
    }

    /// The slot of a text.
    fn place(&self, text: &[u8]) -> usize {
        hash(text) as usize & self.count.wrapping_sub(1)
    }
}

/// A hash of the length, the first and the last bytes of a text.
fn hash(text: &[u8]) -> u64 {
    let short = || text.iter().fold(0, |all, &byte| (all << 8) | u64::from(byte));
    let (first, last) = match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => (short(), 0),
    };
    let all = first ^ last.rotate_left(23) ^ text.len() as u64;
    all.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_kept_is_found() {
        let texts: Vec<String> = (0..5000)
            .map(|i| format!("{}{i}", "x".repeat(i % 40)))
            .chain([String::new()])
            .collect();
        assert_eq!(Memo::<()>::of_column(MANY + 1).count, 0);
        let mut memo = Memo::new(1000);
        for (n, text) in texts.iter().enumerate() {
            assert_eq!(memo.find(text), None, "{text}");
            memo.keep(text, n);
            assert_eq!(memo.find(text), Some(n).filter(|_| text.len() <= LONGEST), "{text}");
        }
        // The last two that are short enough are always there.
        for pair in texts.windows(2).filter(|pair| pair.iter().all(|t| t.len() <= LONGEST)) {
            pair.iter().for_each(|text| memo.keep(text, 7));
            assert!(pair.iter().all(|text| memo.find(text) == Some(7)), "{pair:?}");
        }
        for (n, text) in texts.iter().enumerate() {
            memo.keep(text, n);
        }
        // No text is taken for another that has its slot.
        let found = |(n, text): (usize, &String)| memo.find(text).is_none_or(|kept| kept == n);
        assert!(texts.iter().enumerate().all(found));
        assert!(texts.iter().filter(|text| memo.find(text).is_some()).count() > MOST / 2);
    }
}
