//! Ids as names of files.

/// The longest name that is left as it is, in bytes: systems take 255 with the extension.
const LONGEST: usize = 200;

/// A file's name for an id, without an extension: letters, digits and `-_.+` of ASCII stay, anything else becomes `%XX` as in a URL.
/// A name is safe on every system and leads nowhere else (`..%2F`). What would be too long ends in a checksum instead. Ids of owabi
/// stay as they are.
pub fn file_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    for (place, byte) in id.bytes().enumerate() {
        let hidden = place == 0 && byte == b'.';
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'+' if !hidden => name.push(byte as char),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    if name.len() > LONGEST {
        // FNV-1a, 64 bits: two long ids with one beginning must not share a name by accident.
        let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        name.truncate(LONGEST);
        name.push_str(&format!("-{hash:016x}"));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere() {
        for (id, name) in [
            ("owabi-r1-42-9f3a01c2-17+nfkc", "owabi-r1-42-9f3a01c2-17+nfkc"),
            ("../../etc/passwd", "%2E.%2F..%2Fetc%2Fpasswd"),
            (".hidden", "%2Ehidden"),
            ("a b\0", "a%20b%00"),
            ("氏", "%E6%B0%8F"),
            ("C:\\x", "C%3A%5Cx"),
        ] {
            assert_eq!(file_name(id), name);
        }
        let (a, b) = (file_name(&format!("{}a", "氏".repeat(300))), file_name(&format!("{}b", "氏".repeat(300))));
        assert!(a != b && a.len() < 240);
    }
}
