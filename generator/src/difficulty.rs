//! How hard a document is to read right, from 1 to 5, computed from the finished record.
//!
//! What makes it hard is what DESIGN §6 lists: several groups, denials, mentions that assert nothing, two statuses for one
//! category, and lists that stand far from the words that set their status.

use owabi_corpora::Labels;
use owabi_corpora::vocabulary::Status;

/// One point each for: several groups; denials; distractors; a category with two statuses, or many distractors; a long list.
pub(crate) fn of(text: &str, labels: &Labels) -> u8 {
    let mentions: Vec<_> = labels.data.iter().flatten().flat_map(|item| &item.spans).collect();
    let groups = mentions.iter().filter_map(|mention| mention.group).max().unwrap_or(1);
    let denials = mentions.iter().filter(|mention| mention.status == Some(Status::Denied)).count();
    let distractors: usize = labels.distractors.iter().flatten().map(|item| item.spans.len()).sum();
    let two_faced = labels.data.iter().flatten().any(|item| item.spans.iter().any(|mention| mention.status != Some(item.status)));
    let bulleted = text.lines().filter(|line| line.chars().count() < 20).count();
    let points = [groups > 1, denials > 0, distractors > 0, two_faced || distractors >= 8, bulleted > 14];
    points.iter().map(|point| u8::from(*point)).sum::<u8>().clamp(1, 5)
}
