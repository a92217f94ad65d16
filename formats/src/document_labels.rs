//! What a document says as a whole: the labels of document classification.

use owabi_corpora::Labels;
use owabi_corpora::vocabulary::Status;

/// The labels that hold for a document, in the record's order: `genre:notice`, `exposure:possible`, `via_vendor`, `cause:loss`,
/// `bank_account:denied`. What is not annotated is not among them.
pub(crate) fn document_labels(labels: &Labels) -> Vec<String> {
    let mut names = Vec::new();
    names.extend(labels.genre.map(|genre| format!("genre:{genre}")));
    names.extend(labels.exposure.map(|exposure| format!("exposure:{exposure}")));
    names.extend(labels.via_vendor.filter(|via| *via).map(|_| "via_vendor".to_owned()));
    names.extend(labels.causes.iter().flatten().map(|item| format!("cause:{}", item.cause)));
    names.extend(labels.data.iter().flatten().map(|item| format!("{}:{}", item.category, item.status)));
    names
}

/// The categories of one status; `None` where data are not annotated.
pub(crate) fn categories(labels: &Labels, status: Status) -> Option<Vec<&'static str>> {
    let data = labels.data.as_ref()?;
    Some(data.iter().filter(|item| item.status == status).map(|item| item.category.id()).collect())
}

/// The causes; `None` where they are not annotated.
pub(crate) fn causes(labels: &Labels) -> Option<Vec<&'static str>> {
    Some(labels.causes.as_ref()?.iter().map(|item| item.cause.id()).collect())
}
