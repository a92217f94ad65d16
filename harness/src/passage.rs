//! The passages of a text around the places of an error, cut where a mark begins or ends, so that marks may overlap.

use owabi_corpora::Span;
use owabi_corpora::span::Offsets;

/// How much of a text is shown, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// On either side of a place.
    pub around: usize,
    /// In all.
    pub total: usize,
}

/// Pieces of one text, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passage {
    /// The pieces.
    pub pieces: Vec<Piece>,
    /// How many characters of the text come after the last one.
    pub after: usize,
}

/// A stretch of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// How many characters were left out between the piece before, or the beginning of the text, and this one.
    pub skipped: usize,
    /// The stretch, cut at every boundary of a mark.
    pub parts: Vec<Part>,
}

/// A stretch of text that is marked alike from its first to its last character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The words.
    pub text: String,
    /// Whether the gold marks it.
    pub gold: bool,
    /// Whether the prediction marks it.
    pub predicted: bool,
}

/// Pieces nearer to each other than this are one.
const NEAR: usize = 20;

impl Passage {
    /// The text around all places (in bytes), as far as `reach` allows; without places the text's beginning. `offsets` counts the same text in
    /// code points.
    pub fn new(text: &str, offsets: &Offsets<'_>, gold: &[Span], predicted: &[Span], reach: Reach) -> Passage {
        let mut places: Vec<Span> = gold.iter().chain(predicted).copied().filter(|place| text.get(place.range()).is_some()).collect();
        places.sort();
        let mut windows: Vec<Span> = Vec::new();
        for place in &places {
            let mut window = Span::new(back(text, place.start, reach.around), forth(text, place.end, reach.around));
            // A few words at the beginning or the end of a text are shown rather than counted.
            if back(text, window.start, NEAR) == 0 {
                window.start = 0;
            }
            if forth(text, window.end, NEAR) == text.len() {
                window.end = text.len();
            }
            match windows.last_mut() {
                Some(last) if window.start <= forth(text, last.end, NEAR) => last.end = last.end.max(window.end),
                _ => windows.push(window),
            }
        }
        if windows.is_empty() {
            windows.push(Span::new(0, text.len()));
        }
        let mut passage = Passage { pieces: Vec::new(), after: 0 };
        let (mut left, mut done) = (reach.total, 0);
        for window in windows {
            if left == 0 {
                break;
            }
            let end = forth(text, window.start, left).min(window.end);
            let window = Span::new(window.start, end);
            passage.pieces.push(Piece {
                skipped: offsets.from_byte(window.start) - offsets.from_byte(done),
                parts: parts(text, window, gold, predicted),
            });
            left -= offsets.from_byte(end) - offsets.from_byte(window.start);
            done = end;
        }
        passage.after = offsets.from_byte(text.len()) - offsets.from_byte(done);
        passage
    }

    /// Whether nothing of the text was left out.
    pub fn is_whole(&self) -> bool {
        self.after == 0 && self.pieces.iter().all(|piece| piece.skipped == 0)
    }
}

fn parts(text: &str, window: Span, gold: &[Span], predicted: &[Span]) -> Vec<Part> {
    let mut cuts = vec![window.start, window.end];
    cuts.extend(gold.iter().chain(predicted).flat_map(|place| [place.start, place.end]));
    cuts.retain(|cut| window.start <= *cut && *cut <= window.end && text.is_char_boundary(*cut));
    cuts.sort();
    cuts.dedup();
    let inside = |places: &[Span], part: Span| places.iter().any(|place| place.contains(part));
    let part = |part: Span| Part { text: text[part.range()].to_owned(), gold: inside(gold, part), predicted: inside(predicted, part) };
    cuts.windows(2).map(|ends| part(Span::new(ends[0], ends[1]))).collect()
}

/// The place `count` characters before.
fn back(text: &str, at: usize, count: usize) -> usize {
    text[..at].char_indices().rev().take(count).last().map_or(at, |(start, _)| start)
}

/// The place `count` characters after.
fn forth(text: &str, at: usize, count: usize) -> usize {
    text[at..].char_indices().nth(count).map_or(text.len(), |(end, _)| at + end)
}

#[cfg(test)]
mod tests {
    use owabi_corpora::span::OffsetUnit;
    use proptest::prelude::*;

    use super::*;

    fn show(passage: &Passage) -> String {
        let mut shown = String::new();
        for piece in &passage.pieces {
            if piece.skipped > 0 {
                shown += &format!("…{}…", piece.skipped);
            }
            for part in &piece.parts {
                match (part.gold, part.predicted) {
                    (false, false) => shown += &part.text,
                    (gold, predicted) => {
                        shown += &format!("[{}{}:{}]", if gold { "g" } else { "" }, if predicted { "p" } else { "" }, part.text);
                    }
                }
            }
        }
        if passage.after > 0 {
            shown += &format!("…{}…", passage.after);
        }
        shown
    }

    fn cut(text: &str, gold: &[Span], predicted: &[Span], around: usize, total: usize) -> Passage {
        Passage::new(text, &Offsets::new(text, OffsetUnit::CodePoints), gold, predicted, Reach { around, total })
    }

    #[test]
    fn overlapping_marks_are_cut_at_every_boundary() {
        // 氏名と住所: the gold marks 氏名と, the prediction 名と住; every character has three bytes.
        let passage = cut("氏名と住所が", &[Span::new(0, 9)], &[Span::new(3, 12)], 9, 99);
        assert_eq!(show(&passage), "[g:氏][gp:名と][p:住]所が");
        assert!(passage.is_whole());
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let text = format!("{}氏名{}住所{}", "あ".repeat(50), "い".repeat(60), "う".repeat(70));
        let (gold, predicted) = ([Span::new(150, 156)], [Span::new(336, 342)]);
        assert_eq!(show(&cut(&text, &gold, &predicted, 2, 99)), "…48…ああ[g:氏名]いい…56…いい[p:住所]うう…68…");
        // Seven characters in all: the first place whole, of the second one character before it.
        assert_eq!(show(&cut(&text, &gold, &predicted, 2, 7)), "…48…ああ[g:氏名]いい…56…い…73…");
        assert_eq!(show(&cut(&text, &[], &[], 2, 3)), "あああ…181…");
    }

    proptest! {
        /// However places overlap, the pieces and what was left out add up to the text, and no more is shown than asked for.
        #[test]
        fn nothing_is_lost_or_shown_twice(
            text in "\\PC{0,80}",
            places in prop::collection::vec((0usize..200, 0usize..40, any::<bool>()), 0..6),
            around in 0usize..10,
            total in 1usize..60,
        ) {
            let side = |gold| places.iter().filter(|place| place.2 == gold).map(|place| Span::new(place.0, place.0 + place.1)).collect::<Vec<_>>();
            let passage = cut(&text, &side(true), &side(false), around, total);
            let mut rest = text.chars();
            let mut shown = 0;
            for piece in &passage.pieces {
                prop_assert_eq!(rest.by_ref().take(piece.skipped).count(), piece.skipped);
                for part in &piece.parts {
                    let count = part.text.chars().count();
                    prop_assert_eq!(rest.by_ref().take(count).collect::<String>(), &*part.text);
                    shown += count;
                }
            }
            prop_assert_eq!(rest.count(), passage.after);
            prop_assert!(shown <= total);
        }
    }
}
