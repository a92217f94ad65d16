//! Bytes to text.
//!
//! Notices come as UTF-8, UTF-16, Shift_JIS as Windows writes it (CP932, with ① and 髙), EUC-JP and ISO-2022-JP. What nobody told is found in this
//! order: a byte-order mark; the first bytes of a PDF, an archive or a picture, which are refused; valid UTF-8, or ISO-2022-JP where seven-bit
//! text has its escapes; UTF-16; what an HTML page says of itself, if that holds; UTF-8 with a few stray bytes; and of Shift_JIS and EUC-JP
//! the one that fits, has kana, or that `chardetng` finds more likely.
//!
//! ```
//! use owabi_detector::{Encoding, decode};
//!
//! let found = decode(b"\x8e\x81\x96\xbc\x82\xaa\x98R\x82\xa6\x82\xa2\x82\xb5\x82\xdc\x82\xb5\x82\xbd\x81B", None).unwrap();
//! assert_eq!((found.text.as_ref(), found.encoding), ("氏名が漏えいしました。", Encoding::ShiftJis));
//! ```

use std::borrow::Cow;
use std::fmt;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, EUC_JP, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};

/// How a text is written in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-16, the low byte first. A byte-order mark that says otherwise is believed.
    Utf16Le,
    /// UTF-16, the high byte first. A byte-order mark that says otherwise is believed.
    Utf16Be,
    /// Shift_JIS with the additions of Windows: CP932.
    ShiftJis,
    /// EUC-JP.
    EucJp,
    /// ISO-2022-JP, the seven-bit code of mails.
    Iso2022Jp,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Encoding; 6] =
        [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::ShiftJis, Encoding::EucJp, Encoding::Iso2022Jp];

    /// Its name, in lower case: `shift_jis`.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "utf-8",
            Encoding::Utf16Le => "utf-16le",
            Encoding::Utf16Be => "utf-16be",
            Encoding::ShiftJis => "shift_jis",
            Encoding::EucJp => "euc-jp",
            Encoding::Iso2022Jp => "iso-2022-jp",
        }
    }

    /// By its name or one of the names it goes by (`sjis`, `cp932`, `windows-31j`, `ujis`, `jis`); case, `-`, `_` and spaces do not matter.
    pub fn from_name(name: &str) -> Option<Encoding> {
        let plain: String = name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_lowercase()).collect();
        Some(match plain.as_str() {
            "utf8" | "utf8n" | "utf8sig" | "utf8bom" | "ascii" | "usascii" => Encoding::Utf8,
            "utf16" | "utf16le" | "ucs2" | "unicode" => Encoding::Utf16Le,
            "utf16be" => Encoding::Utf16Be,
            "shiftjis" | "shiftjisx0213" | "sjis" | "xsjis" | "cp932" | "ms932" | "windows932" | "windows31j" | "mskanji" => {
                Encoding::ShiftJis
            }
            "eucjp" | "xeucjp" | "ujis" | "euc" | "eucjpms" | "cp51932" => Encoding::EucJp,
            "iso2022jp" | "jis" | "csiso2022jp" | "cp50220" | "cp50221" | "cp50222" => Encoding::Iso2022Jp,
            _ => return None,
        })
    }

    fn tables(self) -> &'static encoding_rs::Encoding {
        match self {
            Encoding::Utf8 => UTF_8,
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
            Encoding::ShiftJis => SHIFT_JIS,
            Encoding::EucJp => EUC_JP,
            Encoding::Iso2022Jp => ISO_2022_JP,
        }
    }

    /// Its byte-order mark, empty where it has none.
    fn mark(self) -> &'static [u8] {
        match self {
            Encoding::Utf8 => b"\xef\xbb\xbf",
            Encoding::Utf16Le => b"\xff\xfe",
            Encoding::Utf16Be => b"\xfe\xff",
            _ => b"",
        }
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text and what it was written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The text, without the byte-order mark; nothing else is changed.
    pub text: Cow<'b, str>,
    /// What it was written in.
    pub encoding: Encoding,
    /// Bytes that mean nothing in this encoding. Each such place is U+FFFD in the text. Only where the encoding was found, never where it was told.
    pub stray: Option<Stray>,
}

/// Places with bytes that mean nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stray {
    /// How many places.
    pub count: usize,
    /// The first one.
    pub first: Place,
}

/// A place among the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The byte in the file, from 0.
    pub byte: usize,
}

/// Bytes that are no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// Not in the encoding that was told.
    Malformed {
        /// The one that was told.
        encoding: Encoding,
        /// The first bytes that mean nothing in it.
        at: Place,
    },
    /// In no encoding that is known; this one comes closest.
    Unknown {
        /// The closest one.
        closest: Encoding,
        /// What does not fit it.
        stray: Stray,
    },
    /// A file of another kind, known by its first bytes.
    Foreign {
        /// What it is: `a PDF file`.
        what: &'static str,
        /// How to get a text out of it.
        mend: &'static str,
    },
    /// A NUL: no text has one.
    Binary {
        /// The first one.
        at: Place,
    },
}

impl DecodeError {
    /// The line that it is about, from 1.
    pub fn line(&self) -> usize {
        match self {
            DecodeError::Malformed { at, .. } | DecodeError::Binary { at } => at.line,
            DecodeError::Unknown { stray, .. } => stray.first.line,
            DecodeError::Foreign { .. } => 1,
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Malformed { encoding: Encoding::Utf8, at } => {
                write!(f, "not valid utf-8 at byte {}; convert the file to UTF-8, or name its encoding", at.byte)
            }
            DecodeError::Malformed { encoding, at } => {
                write!(f, "not valid {encoding} at byte {}; leave the encoding out to have it found, or name the right one", at.byte)
            }
            DecodeError::Unknown { closest, stray } => write!(
                f,
                "in no encoding that is known ({closest} comes closest, with {} places that mean nothing, the first at byte {}); convert the file to UTF-8",
                stray.count, stray.first.byte
            ),
            DecodeError::Foreign { what, mend } => write!(f, "this is {what}, not a text; {mend}"),
            DecodeError::Binary { at } => write!(f, "looks like a binary file (NUL at byte {}); give a text file", at.byte),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Reads bytes in the encoding that was told, or finds it. A byte-order mark at the start is dropped.
///
/// Where the encoding was told, every byte must mean something in it. Where it was found, one place in 50
/// characters may mean nothing; those become U+FFFD and are counted.
pub fn decode(bytes: &[u8], told: Option<Encoding>) -> Result<Decoded<'_>, DecodeError> {
    let marked = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be].into_iter().find(|encoding| bytes.starts_with(encoding.mark()));
    if let Some((what, mend)) = foreign(bytes) {
        return Err(DecodeError::Foreign { what, mend });
    }
    let is_utf16 = |encoding| matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
    let Some(encoding) = told.map(|told| marked.filter(|&mark| is_utf16(told) && is_utf16(mark)).unwrap_or(told)) else {
        return without_nul(match marked {
            Some(encoding) => read(bytes, encoding),
            None => find(bytes),
        })
        .and_then(|found| match found.stray {
            Some(stray) if is_too_strange(&found.text, stray) => Err(DecodeError::Unknown { closest: found.encoding, stray }),
            _ => Ok(found),
        });
    };
    let found = without_nul(read(bytes, encoding))?;
    match found.stray {
        Some(stray) => Err(DecodeError::Malformed { encoding, at: stray.first }),
        None => Ok(found),
    }
}

/// Of so many characters one may be lost before a text counts as unreadable.
const STRAY: usize = 50;

fn is_too_strange(text: &str, stray: Stray) -> bool {
    // A text that was cut inside its last character has lost that one, however short it is.
    stray.count > 1.max(text.chars().count() / STRAY)
}

fn without_nul(found: Decoded<'_>) -> Result<Decoded<'_>, DecodeError> {
    let Some(at) = found.text.find('\0') else { return Ok(found) };
    let before = &found.text[..at];
    // Exact where one character is as long in the file as in the text, and else near enough to look there.
    let byte = match found.encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => before.encode_utf16().count() * 2,
        _ => before.len(),
    };
    Err(DecodeError::Binary { at: Place { line: lines(before), byte } })
}

fn lines(before: &str) -> usize {
    before.matches('\n').count() + 1
}

/// Reads all bytes in one encoding; what means nothing becomes U+FFFD.
fn read(bytes: &[u8], encoding: Encoding) -> Decoded<'_> {
    let mark = if bytes.starts_with(encoding.mark()) { encoding.mark().len() } else { 0 };
    let body = &bytes[mark..];
    if encoding == Encoding::Utf8 {
        return utf8(body, mark);
    }
    let mut decoder = encoding.tables().new_decoder_without_bom_handling();
    let mut text = String::with_capacity(body.len());
    let mut stray: Option<Stray> = None;
    let mut done = 0;
    // Piece by piece: the decoder clears what it is given to write to, at every call.
    let mut piece = [0; 4096];
    loop {
        let (result, taken, written) = decoder.decode_to_utf8_without_replacement(&body[done..], &mut piece, true);
        done += taken;
        text.push_str(std::str::from_utf8(&piece[..written]).unwrap_or_default());
        match result {
            DecoderResult::InputEmpty => break,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                match &mut stray {
                    Some(stray) => stray.count += 1,
                    None => {
                        let byte = mark + done.saturating_sub(usize::from(length) + usize::from(after));
                        stray = Some(Stray { count: 1, first: Place { line: lines(&text), byte } });
                    }
                }
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
    }
    Decoded { text: Cow::Owned(text), encoding, stray }
}

/// Reads UTF-8 that begins `mark` bytes into the file.
fn utf8(body: &[u8], mark: usize) -> Decoded<'_> {
    let count = body.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    let stray = body.utf8_chunks().next().filter(|_| count > 0).map(|chunk| {
        let first = Place { line: lines(chunk.valid()), byte: mark + chunk.valid().len() };
        Stray { count, first }
    });
    Decoded { text: String::from_utf8_lossy(body), encoding: Encoding::Utf8, stray }
}

/// Finds the encoding of bytes without a byte-order mark.
fn find(bytes: &[u8]) -> Decoded<'_> {
    let utf8 = utf8(bytes, 0);
    let seven_bit = bytes.is_ascii();
    let controls = has_controls(bytes);
    if utf8.stray.is_none() && !controls {
        if seven_bit && has_escape(bytes) {
            let found = read(bytes, Encoding::Iso2022Jp);
            if found.stray.is_none() {
                return found;
            }
        }
        return utf8;
    }
    let clean = |encoding| Some(read(bytes, encoding)).filter(|found| found.stray.is_none());
    if let Some(found) = utf16(bytes, controls).and_then(clean) {
        return found;
    }
    if let Some(found) = declared(bytes).filter(|&encoding| encoding != Encoding::Utf8).and_then(clean) {
        return found;
    }
    let several_bytes = utf8.text.chars().filter(|c| !c.is_ascii() && *c != char::REPLACEMENT_CHARACTER).count();
    if utf8.stray.is_none_or(|stray| several_bytes >= stray.count.saturating_mul(10)) {
        return utf8;
    }
    match (clean(Encoding::ShiftJis), clean(Encoding::EucJp)) {
        (Some(shift_jis), Some(euc_jp)) => {
            if is_rather_euc(bytes, &shift_jis.text, &euc_jp.text) {
                euc_jp
            } else {
                shift_jis
            }
        }
        (Some(found), None) | (None, Some(found)) => found,
        // Neither fits as it stands: the one that loses least.
        (None, None) => {
            let lost = |found: &Decoded| found.stray.map_or(0, |stray| stray.count);
            let mut best = utf8;
            for encoding in [Encoding::ShiftJis, Encoding::EucJp, Encoding::Iso2022Jp] {
                let found = read(bytes, encoding);
                if lost(&found) < lost(&best) {
                    best = found;
                }
            }
            best
        }
    }
}

/// So many bytes tell an encoding.
const ENOUGH: usize = 1 << 16;

/// Whether bytes that can be read as both are EUC-JP.
fn is_rather_euc(bytes: &[u8], shift_jis: &str, euc_jp: &str) -> bool {
    // Kana that only one reading has decide: half-width kana of EUC-JP (8E B1) are kanji of Shift_JIS, the kana beside them are no kana there.
    let kana = |text: &str| text.chars().any(|c| matches!(c, '\u{3041}'..='\u{30ff}'));
    match (kana(shift_jis), kana(euc_jp)) {
        (true, false) => false,
        (false, true) => true,
        _ => {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(&bytes[..bytes.len().min(ENOUGH)], bytes.len() <= ENOUGH);
            detector.guess(Some(b"jp"), Utf8Detection::Deny) == EUC_JP
        }
    }
}

/// NUL and the like, which UTF-16 is full of (「、」 is 30 01) and a text of bytes never has.
fn has_controls(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f))
}

/// The escapes by which ISO-2022-JP turns to Japanese.
fn has_escape(bytes: &[u8]) -> bool {
    bytes.windows(3).any(|window| matches!(window, b"\x1b$B" | b"\x1b$@" | b"\x1b(J" | b"\x1b(I"))
}

/// UTF-16 without a mark: nearly every unit is Japanese or ASCII, and half of them stand in the blocks of kana and ASCII, unless
/// there are control characters, which no other encoding has.
///
/// The kanji of Shift_JIS would pass for units as well (88 9F is U+889F), but its kana (82 A0) stand in no block of kana.
fn utf16(bytes: &[u8], controls: bool) -> Option<Encoding> {
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    let all = bytes.len() / 2;
    let likeness = |high: usize| {
        let (mut usual, mut telling) = (0, 0);
        for pair in bytes.chunks_exact(2) {
            match u16::from_be_bytes([pair[high], pair[1 - high]]) {
                0x20..=0x7e | 0x09 | 0x0a | 0x0d | 0x3000..=0x30ff => telling += 1,
                // With the radicals that copies from PDF hold instead of kanji.
                0x4e00..=0x9fff | 0xff00..=0xffef | 0x2000..=0x27ff | 0x2e80..=0x2fdf | 0x3200..=0x33ff => usual += 1,
                _ => {}
            }
        }
        let is_like = (usual + telling) * 10 >= all * 9 && (controls || telling * 2 >= all);
        is_like.then_some((usual + telling, telling))
    };
    match (likeness(1), likeness(0)) {
        (little, Some(big)) if little < Some(big) => Some(Encoding::Utf16Be),
        (little, _) => little.map(|_| Encoding::Utf16Le),
    }
}

/// The encoding that an HTML or XML page names in its first bytes: `charset=…`, `encoding="…"`.
fn declared(bytes: &[u8]) -> Option<Encoding> {
    let head = &bytes[..bytes.len().min(4096)];
    let lower = head.to_ascii_lowercase();
    let is_page = [&b"<html"[..], b"<meta", b"<!doctype html", b"<?xml"].iter().any(|tag| lower.windows(tag.len()).any(|w| w == *tag));
    if !is_page {
        return None;
    }
    [&b"charset"[..], b"encoding"].into_iter().find_map(|word| {
        let at = lower.windows(word.len()).position(|window| window == word)? + word.len();
        let rest = head[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let rest = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")).unwrap_or(rest);
        let end = rest.iter().position(|byte| matches!(byte, b'"' | b'\'' | b'>' | b';' | b'/' | b'?') || byte.is_ascii_whitespace())?;
        Encoding::from_name(std::str::from_utf8(&rest[..end]).ok()?)
    })
}

/// What begins so, what it is, and how to get a text out of it.
const FOREIGN: [(&[u8], &str, &str); 14] = [
    (b"%PDF-", "a PDF file", "extract its text first, for example with `pdftotext`"),
    (b"PK\x03\x04", "a ZIP archive or an Office document (.docx, .xlsx)", "unpack it, or save the document as plain text"),
    (b"PK\x05\x06", "an empty ZIP archive", "give a text file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (.doc, .xls) or mail (.msg)", "save it as plain text"),
    (b"{\\rtf", "a rich-text document", "save it as plain text"),
    (b"\x89PNG\r\n", "a picture (PNG)", "type its text out, or have it read by OCR"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "type its text out, or have it read by OCR"),
    (b"GIF8", "a picture (GIF)", "type its text out, or have it read by OCR"),
    (b"II*\0", "a picture (TIFF)", "type its text out, or have it read by OCR"),
    (b"MM\0*", "a picture (TIFF)", "type its text out, or have it read by OCR"),
    (b"\x1f\x8b", "a gzip archive", "unpack it"),
    (b"BZh", "a bzip2 archive", "unpack it"),
    (b"\xfd7zXZ\0", "an xz archive", "unpack it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"),
];

fn foreign(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    FOREIGN.iter().find(|(head, ..)| bytes.starts_with(head)).map(|&(_, what, mend)| (what, mend))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, Encoding) {
        let found = decode(bytes, None).unwrap();
        (found.text.into_owned(), found.encoding)
    }

    #[test]
    fn drops_only_the_mark() {
        assert_eq!(text("\u{feff}氏名\r\n".as_bytes()), ("氏名\r\n".to_owned(), Encoding::Utf8));
        assert_eq!(text(b"\xfe\xff\x6c\x0f\x54\x0d"), ("氏名".to_owned(), Encoding::Utf16Be));
        assert_eq!(text(b"\xff\xfe\x0f\x6c\x0d\x54"), ("氏名".to_owned(), Encoding::Utf16Le));
        // Told one UTF-16, the mark of the other is believed.
        assert_eq!(decode(b"\xfe\xff\x6c\x0f", Some(Encoding::Utf16Le)).unwrap().text, "氏");
    }

    #[test]
    fn what_does_not_fit_is_told_with_its_place() {
        let at = Place { line: 2, byte: 4 };
        assert_eq!(decode(b"ab\nc\xff", Some(Encoding::Utf8)), Err(DecodeError::Malformed { encoding: Encoding::Utf8, at }));
        assert_eq!(decode(b"ab\nc\xff\xff", Some(Encoding::ShiftJis)), Err(DecodeError::Malformed { encoding: Encoding::ShiftJis, at }));
        assert_eq!(decode(b"PK\x03\0", None), Err(DecodeError::Binary { at: Place { line: 1, byte: 3 } }));
        assert!(matches!(decode(b"%PDF-1.7 abc", None), Err(DecodeError::Foreign { what: "a PDF file", .. })));
        assert!(matches!(decode(&[0x80, 0xff, 0xa0, 0xfd, 0x80, 0xff, 0xfe, 0x80], None), Err(DecodeError::Unknown { .. })));
    }

    #[test]
    fn a_few_stray_bytes_are_replaced_and_told() {
        let cut = &"お客様の氏名が漏えいしました。".as_bytes()[..43];
        let found = decode(cut, None).unwrap();
        assert_eq!((found.text.as_ref(), found.encoding), ("お客様の氏名が漏えいしました\u{fffd}", Encoding::Utf8));
        assert_eq!(found.stray, Some(Stray { count: 1, first: Place { line: 1, byte: 42 } }));
    }

    #[test]
    fn a_page_says_what_it_is_written_in() {
        // 「昌」 in EUC-JP, of which Shift_JIS makes half-width kana.
        assert_eq!(text(b"<meta charset=euc-jp><p>\xbe\xbb</p>"), ("<meta charset=euc-jp><p>昌</p>".to_owned(), Encoding::EucJp));
        assert_eq!(text(b"<meta charset=\"Shift_JIS\"><p>\xbe\xbb</p>").1, Encoding::ShiftJis);
        // It may be wrong.
        assert_eq!(text("<html><meta charset=Shift_JIS>氏名".as_bytes()).1, Encoding::Utf8);
    }

    #[test]
    fn names_are_forgiving() {
        for encoding in Encoding::ALL {
            assert_eq!(Encoding::from_name(encoding.name()), Some(encoding));
        }
        assert_eq!(Encoding::from_name("Windows-31J"), Some(Encoding::ShiftJis));
        assert_eq!(Encoding::from_name("latin1"), None);
    }
}
