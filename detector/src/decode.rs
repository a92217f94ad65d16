//! Bytes to text.

use std::fmt;

/// Bytes that are no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// Not UTF-8 at this byte, counted from 0.
    NotUtf8 {
        /// The first byte that does not fit.
        position: usize,
    },
    /// A NUL byte: an image, an archive or UTF-16.
    Binary {
        /// Where it stands.
        position: usize,
    },
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::NotUtf8 { position } => write!(f, "not valid UTF-8 at byte {position}; convert the file to UTF-8"),
            DecodeError::Binary { position } => write!(f, "looks like a binary file (NUL at byte {position}); give a text file"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// Reads UTF-8. A byte-order mark at the start is dropped, nothing else is changed.
pub fn decode(bytes: &[u8]) -> Result<&str, DecodeError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(position) = bytes.iter().position(|&byte| byte == 0) {
        return Err(DecodeError::Binary { position });
    }
    std::str::from_utf8(bytes).map_err(|error| DecodeError::NotUtf8 { position: error.valid_up_to() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_only_the_mark() {
        assert_eq!(decode("\u{feff}氏名\r\n".as_bytes()), Ok("氏名\r\n"));
        assert_eq!(decode(b"ab\xffc"), Err(DecodeError::NotUtf8 { position: 2 }));
        assert_eq!(decode(b"PK\x03\0"), Err(DecodeError::Binary { position: 3 }));
    }
}
