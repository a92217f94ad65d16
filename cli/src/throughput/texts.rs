//! The texts on which speed is measured: generated notices as they are, and joined or cut to sizes.

use std::str::FromStr;

use owabi_corpora::{Labels, Record};
use owabi_generator::Generator;
use rayon::prelude::*;

/// How many notices detectors are compared on.
const NOTICES: u64 = 100;
/// How many texts of one size there are, at most: so many that no cache knows the next one, so few that they fit into memory.
const TEXTS: usize = 100;
/// How many bytes the texts of one size have together, at most, unless one alone has more.
const BYTES: usize = 4 << 20;
/// How many notices are made at a time.
const CHUNK: u64 = 256;
const SMALLEST: u64 = 100;
const LARGEST: u64 = 64_000_000;

/// The size of a text in bytes of UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Size(pub(crate) u64);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Size, String> {
        let wrong = || "write 1KB, 100KB or 1.5MB (1 KB is 1,000 bytes), from 100B to 64MB".to_owned();
        let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, unit) = text.split_at(digits);
        let unit = match unit.trim().to_ascii_uppercase().as_str() {
            "B" => 1.0,
            "KB" => 1e3,
            "MB" => 1e6,
            _ => return Err(wrong()),
        };
        let bytes = (number.parse::<f64>().map_err(|_| wrong())? * unit).round() as u64;
        if (SMALLEST..=LARGEST).contains(&bytes) { Ok(Size(bytes)) } else { Err(wrong()) }
    }
}

pub(super) struct Texts {
    /// As the generator makes them.
    pub(super) notices: Vec<Record>,
    /// Of each size, in the order of the sizes.
    pub(super) sized: Vec<(Size, Vec<Record>)>,
}

impl Texts {
    pub(super) fn make(generator: &Generator, sizes: &[Size]) -> Texts {
        let largest = sizes.iter().map(|size| size.0 as usize).max().unwrap_or(0);
        // All notices in a row, and where each begins.
        let (mut notices, mut all, mut starts) = (Vec::new(), String::new(), Vec::new());
        for chunk in 0.. {
            let made: Vec<Record> = (chunk * CHUNK..(chunk + 1) * CHUNK).into_par_iter().map(|index| generator.record(index)).collect();
            for record in made {
                starts.push(all.len());
                all.push_str(&record.text);
                all.push_str("\n\n");
                if (notices.len() as u64) < NOTICES {
                    notices.push(record);
                }
            }
            if all.len() >= largest {
                break;
            }
        }
        let of = |size: &Size| {
            let bytes = size.0 as usize;
            let wanted = (BYTES / bytes).clamp(1, TEXTS);
            // Each begins where a notice begins, as far as what follows is long enough.
            let fit = starts.iter().filter(|start| **start + bytes <= all.len()).take(wanted);
            (*size, fit.map(|start| document(cut(&all[*start..], bytes))).collect())
        };
        Texts { sized: sizes.iter().map(of).collect(), notices }
    }
}

/// At most so many bytes, to the end of a line where one is near.
fn cut(text: &str, bytes: usize) -> &str {
    let whole = (0..=bytes.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    let text = &text[..whole.unwrap_or(0)];
    let end = text.rfind('\n').filter(|end| end * 10 >= text.len() * 9).unwrap_or(text.len());
    &text[..end]
}

/// Nobody is asked for its labels.
fn document(text: &str) -> Record {
    Record::new("text", text, Labels::default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use owabi_generator::Config;

    #[test]
    fn sizes_are_read() {
        for (text, bytes) in [("1KB", 1000), ("100kb", 100_000), ("1.5MB", 1_500_000), ("100B", 100), ("64 MB", 64_000_000)] {
            assert_eq!(text.parse(), Ok(Size(bytes)));
        }
        for bad in ["", "5", "5QB", "KB", "-1KB", "0KB", "99B", "65MB", "1..5KB", "1e3B", "ＫB"] {
            assert!(bad.parse::<Size>().is_err(), "{bad}");
        }
    }

    /// Never larger than was asked for, never smaller by more than a tenth and a character, and the same every time.
    #[test]
    fn texts_have_their_size() {
        let generator = Generator::new(Config::default()).unwrap();
        let sizes = [Size(1000), Size(50_000)];
        let texts = Texts::make(&generator, &sizes);
        assert_eq!(texts.notices.len() as u64, NOTICES);
        for (size, records) in &texts.sized {
            assert!(records.len() > 1, "{size:?}");
            for Record { text, .. } in records {
                assert!(text.len() as u64 <= size.0 && text.len() as u64 + 4 > size.0 * 9 / 10, "{size:?}: {}", text.len());
            }
        }
        assert_eq!(Texts::make(&generator, &sizes).sized, texts.sized);
    }
}
