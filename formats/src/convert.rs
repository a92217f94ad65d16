//! Positions from one unit to another.

use owabi_corpora::{OffsetUnit, Offsets};

/// Positions of one text from one unit to another.
pub(crate) struct Convert<'t> {
    text: &'t str,
    from: Offsets<'t>,
    to: Offsets<'t>,
}

impl<'t> Convert<'t> {
    pub(crate) fn new(text: &'t str, from: OffsetUnit, to: OffsetUnit) -> Convert<'t> {
        Convert { text, from: Offsets::new(text, from), to: Offsets::new(text, to) }
    }

    pub(crate) fn position(&self, position: usize) -> Result<usize, String> {
        self.from.to_byte(position).map(|byte| self.to.from_byte(byte)).map_err(|error| error.to_string())
    }

    /// What stands between two positions of the first unit; nothing where they are not in the text.
    pub(crate) fn words(&self, start: usize, end: usize) -> &'t str {
        let range = self.from.to_byte(start).ok().zip(self.from.to_byte(end).ok());
        range.and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }
}
