//! The class's secret, and everything that is drawn from it.
//!
//! What a student gets is drawn from HMAC-SHA-256 of 256 secret bits: whoever has the program, the roster and any number of pages, but not the
//! secret, learns nothing of another page and cannot make one again.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// 256 bits that stay in the teacher's folder. They are never shown: printing the value for debugging prints none of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

/// A text that is no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSecret;

impl fmt::Display for BadSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is no secret of a class, which is 64 hexadecimal digits; take the secret.key that `owabi classroom new` wrote")
    }
}

impl std::error::Error for BadSecret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// From bits that nobody can guess.
    pub fn new(bits: [u8; 32]) -> Secret {
        Secret(bits)
    }

    /// Reads what [`Secret::to_hex`] writes; white space around it does not count.
    pub fn from_hex(text: &str) -> Result<Secret, BadSecret> {
        let text = text.trim().as_bytes();
        let digit = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
        let mut bits = [0; 32];
        if text.len() != 64 {
            return Err(BadSecret);
        }
        for (bit, pair) in bits.iter_mut().zip(text.chunks_exact(2)) {
            let (high, low) = (digit(pair[0]).ok_or(BadSecret)?, digit(pair[1]).ok_or(BadSecret)?);
            *bit = high << 4 | low;
        }
        Ok(Secret(bits))
    }

    /// 64 hexadecimal digits.
    pub fn to_hex(&self) -> String {
        hex(&self.0)
    }

    /// An id that tells nothing of what it was made from: 16 hexadecimal digits.
    pub fn id(&self, of: &[&str]) -> String {
        hex(&self.mac(of, 0)[..8])
    }

    /// Randomness that belongs to these words alone.
    pub fn draw(&self, of: &[&str]) -> Draw {
        Draw { seed: self.mac(of, 0), block: [0; 32], used: 32, next: 0 }
    }

    fn mac(&self, of: &[&str], counter: u64) -> [u8; 32] {
        mac(&self.0, of, counter)
    }
}

fn mac(key: &[u8; 32], of: &[&str], counter: u64) -> [u8; 32] {
    // HMAC fills a short key up with zeros to the length of a block; done here, no length can be refused.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for word in of {
        // The length keeps apart what would otherwise run together.
        mac.update(&(word.len() as u64).to_le_bytes());
        mac.update(word.as_bytes());
    }
    mac.update(&counter.to_le_bytes());
    mac.finalize().into_bytes().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A stream of HMAC blocks under a key of its own, with sampling that is the same on every machine.
#[derive(Clone)]
pub struct Draw {
    seed: [u8; 32],
    block: [u8; 32],
    used: usize,
    next: u64,
}

impl Draw {
    /// Any number.
    pub fn number(&mut self) -> u64 {
        if self.used == self.block.len() {
            self.block = mac(&self.seed, &[], self.next);
            (self.used, self.next) = (0, self.next + 1);
        }
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.block[self.used..self.used + 8]);
        self.used += 8;
        u64::from_le_bytes(bytes)
    }

    /// A number below `bound`, each equally likely; 0 when `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = bound.max(1) as u64;
        // Numbers past the last whole multiple would make some of the others likelier.
        let whole = u64::MAX - u64::MAX % bound;
        loop {
            let number = self.number();
            if number < whole {
                return (number % bound) as usize;
            }
        }
    }

    /// One of the items; `None` of none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// In any order, each equally likely.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_the_published_algorithm() {
        // RFC 4231, test case 2, gives HMAC-SHA-256 by itself; ours adds lengths and a counter, so the plain function is checked.
        let mut known = Hmac::<Sha256>::new_from_slice(b"Jefe").unwrap();
        known.update(b"what do ya want for nothing?");
        assert_eq!(hex(&known.finalize().into_bytes()), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn words_do_not_run_together_and_secrets_differ() {
        let (one, other) = (Secret::new([1; 32]), Secret::new([2; 32]));
        assert_ne!(one.id(&["ab", "c"]), one.id(&["a", "bc"]));
        assert_ne!(one.id(&["a"]), other.id(&["a"]));
        assert_eq!(one.id(&["a"]).len(), 16);
        assert_eq!(Secret::from_hex(&format!("{}\n", one.to_hex())), Ok(one.clone()));
        for bad in ["", "01", &"g".repeat(64), &"é".repeat(32)] {
            assert_eq!(Secret::from_hex(bad), Err(BadSecret));
        }
        assert_eq!(format!("{one:?}"), "Secret(…)");
    }

    #[test]
    fn every_number_and_every_order_comes() {
        let mut draw = Secret::new([7; 32]).draw(&["test"]);
        let mut seen = [0; 6];
        for _ in 0..600 {
            seen[draw.below(6)] += 1;
        }
        assert!(seen.iter().all(|count| (60..150).contains(count)), "{seen:?}");
        let mut orders = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let mut items = [1, 2, 3];
            draw.shuffle(&mut items);
            orders.insert(items);
        }
        assert_eq!(orders.len(), 6);
        assert_eq!(draw.pick::<u8>(&[]), None);
    }
}
