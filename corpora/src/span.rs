//! Stretches of text and the units that their ends are counted in.
//!
//! Inside, a span counts **bytes** and lies on character boundaries. In JSON it counts **Unicode code points** unless the
//! record says `"offsets":"utf16"` or `"bytes"`. [`Offsets`] converts, in one pass over the text.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};

/// A half-open stretch of text. The unit depends on where it stands: bytes in memory, [`OffsetUnit`] in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// The first position inside.
    pub start: usize,
    /// The first position after.
    pub end: usize,
}

impl Span {
    /// From `start` to `end`, `end` outside.
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }

    /// The length in the span's unit.
    pub fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether nothing lies inside.
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// How many positions both hold.
    pub fn overlap(self, other: Span) -> usize {
        self.end.min(other.end).saturating_sub(self.start.max(other.start))
    }

    /// Whether `other` lies wholly inside.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// As a range, to index a string with.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Span {
        Span { start: range.start, end: range.end }
    }
}

/// The unit that a file counts positions in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Display, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OffsetUnit {
    /// Unicode scalar values, as Python, spaCy, brat and doccano count.
    #[default]
    CodePoints,
    /// UTF-16 code units, as JavaScript, Java and C# count.
    Utf16,
    /// Bytes of UTF-8.
    Bytes,
}

impl OffsetUnit {
    /// Whether it is what files count in unless they say otherwise.
    pub fn is_code_points(&self) -> bool {
        *self == OffsetUnit::CodePoints
    }
}

/// Why a position cannot be converted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OffsetError {
    /// Past the end of the text, which has so many units.
    PastEnd {
        /// The position asked for.
        position: usize,
        /// The length of the text in the same unit.
        length: usize,
        /// The unit of both.
        unit: OffsetUnit,
    },
    /// Inside a character.
    InsideCharacter {
        /// The position asked for.
        position: usize,
        /// Its unit.
        unit: OffsetUnit,
    },
}

impl fmt::Display for OffsetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OffsetError::PastEnd { position, length, unit } => {
                write!(f, "position {position} is past the end of the text ({length} {unit})")
            }
            OffsetError::InsideCharacter { position, unit } => write!(f, "position {position} ({unit}) is inside a character"),
        }
    }
}

impl std::error::Error for OffsetError {}

/// One text's positions in two units. Built in one pass; a look-up scans at most 64 bytes and a character.
pub struct Offsets<'t> {
    text: &'t str,
    unit: OffsetUnit,
    /// (unit position, byte position) at every character that crosses a multiple of the stride.
    marks: Vec<(usize, usize)>,
    length: usize,
}

impl<'t> Offsets<'t> {
    const STRIDE: usize = 64;

    /// Reads the text once.
    pub fn new(text: &'t str, unit: OffsetUnit) -> Offsets<'t> {
        let mut marks = Vec::with_capacity(text.len() / Self::STRIDE + 2);
        marks.push((0, 0));
        let (mut units, mut start) = (0, 0);
        if unit == OffsetUnit::Bytes {
            units = text.len();
        } else {
            while start < text.len() {
                let mut end = (start + Self::STRIDE).min(text.len());
                while !text.is_char_boundary(end) {
                    end += 1;
                }
                units += length(&text[start..end], unit);
                start = end;
                if start < text.len() {
                    marks.push((units, start));
                }
            }
        }
        Offsets { text, unit, marks, length: units }
    }

    /// From this unit to bytes.
    pub fn to_byte(&self, position: usize) -> Result<usize, OffsetError> {
        if position > self.length {
            return Err(OffsetError::PastEnd { position, length: self.length, unit: self.unit });
        }
        if self.unit == OffsetUnit::Bytes {
            return match self.text.is_char_boundary(position) {
                true => Ok(position),
                false => Err(OffsetError::InsideCharacter { position, unit: self.unit }),
            };
        }
        let (mut units, start) = self.marks[self.marks.partition_point(|mark| mark.0 <= position) - 1];
        for (byte, c) in self.text[start..].char_indices() {
            if units == position {
                return Ok(start + byte);
            }
            if units > position {
                return Err(OffsetError::InsideCharacter { position, unit: self.unit });
            }
            units += width(c, self.unit);
        }
        match units == position {
            true => Ok(self.text.len()),
            false => Err(OffsetError::InsideCharacter { position, unit: self.unit }),
        }
    }

    /// From bytes to this unit. The byte must lie on a character boundary inside the text.
    pub fn from_byte(&self, byte: usize) -> usize {
        if self.unit == OffsetUnit::Bytes {
            return byte;
        }
        let (units, start) = self.marks[self.marks.partition_point(|mark| mark.1 <= byte) - 1];
        units + length(&self.text[start..byte], self.unit)
    }
}

fn length(text: &str, unit: OffsetUnit) -> usize {
    match unit {
        // Far faster than to add up one for each.
        OffsetUnit::CodePoints => text.chars().count(),
        unit => text.chars().map(|c| width(c, unit)).sum(),
    }
}

fn width(c: char, unit: OffsetUnit) -> usize {
    match unit {
        OffsetUnit::CodePoints => 1,
        OffsetUnit::Utf16 => c.len_utf16(),
        OffsetUnit::Bytes => c.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn counts_characters_beyond_the_basic_plane() {
        let text = "𠮷野家\r\n氏名👨‍👩‍👧e\u{301}";
        let points = Offsets::new(text, OffsetUnit::CodePoints);
        let utf16 = Offsets::new(text, OffsetUnit::Utf16);
        assert_eq!(points.to_byte(5), Ok(12));
        assert_eq!(utf16.to_byte(6), Ok(12));
        assert_eq!(utf16.to_byte(1), Err(OffsetError::InsideCharacter { position: 1, unit: OffsetUnit::Utf16 }));
        assert_eq!(points.to_byte(99).unwrap_err().to_string(), "position 99 is past the end of the text (14 code_points)");
    }

    proptest! {
        #[test]
        fn every_boundary_survives_both_ways(text in "\\PC{0,400}") {
            for unit in [OffsetUnit::CodePoints, OffsetUnit::Utf16, OffsetUnit::Bytes] {
                let offsets = Offsets::new(&text, unit);
                for (byte, _) in text.char_indices().chain([(text.len(), ' ')]) {
                    prop_assert_eq!(offsets.to_byte(offsets.from_byte(byte)), Ok(byte));
                }
            }
        }
    }
}
