//! Which causes one incident has together: the same thing under a wider name, the steps of one attack, and what somebody else did.

use owabi_corpora::Cause;

use super::Found;
use crate::scope::Scope;

/// A generic cause is dropped when a more specific one of its family stands beside it, and so is what another brings with it.
const GENERIC: [(&str, &[&str]); 17] = [
    ("unauthorized_access", TECHNIQUES),
    ("unauthorized_access", &["insider_snooping", "insider_exfiltration"]),
    ("sns_posting", &["insider_exfiltration"]),
    ("defacement", &["web_skimming"]),
    ("insider_snooping", &["insider_exfiltration"]),
    ("misdelivery", &["program_bug", "misregistration"]),
    ("improper_disclosure", &["pretexting", "insider_exfiltration"]),
    // What they were taken out for.
    ("purpose_violation", &["insider_exfiltration"]),
    ("malware", &["support_scam"]),
    // The form that asks for the card is false, and nobody was lured there by a mail.
    ("phishing", &["support_scam", "web_skimming"]),
    ("retention_failure", &["improper_disposal"]),
    // How they were stolen is told; whoever tries a list of them has them from elsewhere.
    ("stolen_credentials", &["phishing", "credential_stuffing"]),
    // Evil intent: the private service is what it was done with.
    ("unapproved_service", &["insider_exfiltration"]),
    // The hole that the injection went through; what a flood of traffic brings about is called so, too.
    ("program_bug", &["sql_injection", "ddos"]),
    // The traffic that somebody noticed was what was taken out.
    ("ddos", &["insider_exfiltration", "unapproved_service"]),
    // The attackers show what they took.
    ("unintended_publication", &["ransomware"]),
    ("account_takeover", &["credential_stuffing", "brute_force", "stolen_credentials", "phishing", "malware", "vulnerability"]),
];

/// Steps of one chain of events: the first is never the main cause where one of the others is told.
const STEPS: [(&str, &[&str]); 7] = [
    ("stolen_credentials", &["ransomware", "web_skimming"]),
    ("brute_force", &["ransomware", "web_skimming"]),
    ("phishing", &["ransomware"]),
    ("malware", &["ransomware", "web_skimming", "sql_injection", "targeted_email"]),
    // Where it was laid by who took it out, everybody could see it.
    ("misconfiguration", &["insider_exfiltration"]),
    // What was looked up was used for something.
    ("purpose_violation", &["insider_snooping"]),
    // What was kept too long got out by something else.
    ("retention_failure", &["ransomware", "malware", "unauthorized_access", "insider_exfiltration", "theft"]),
];

/// What somebody outside does: these follow from each other. The first says no more than that.
const ATTACKS: &[&str] = &[
    "unauthorized_access",
    "vulnerability",
    "sql_injection",
    "credential_stuffing",
    "brute_force",
    "stolen_credentials",
    "account_takeover",
    "ddos",
    "defacement",
    "web_skimming",
    "ransomware",
    "malware",
    "phishing",
    "targeted_email",
    "support_scam",
];

/// How somebody outside does it.
const TECHNIQUES: &[&str] = ATTACKS.split_at(1).1;

/// What somebody inside does on purpose.
const INSIDERS: [&str; 4] = ["insider_exfiltration", "insider_snooping", "purpose_violation", "improper_disclosure"];

/// What may stand beside a main cause of another kind: what was left open, or kept, or laid elsewhere is there for attackers to find.
const COMPANIONS: [(&[&str], &[&str]); 7] = [
    (ATTACKS, &["misconfiguration", "retention_failure", "unapproved_service"]),
    (&["misconfiguration"], &["vulnerability", "stolen_credentials", "unauthorized_access", "retention_failure", "unapproved_service"]),
    (&INSIDERS, &["misconfiguration"]),
    (&["retention_failure"], &["misconfiguration"]),
    (&["insider_exfiltration"], &["theft"]),
    (&["unapproved_service"], &["phishing", "misconfiguration"]),
    // What cannot be found may have been thrown away.
    (&["loss"], &["improper_disposal"]),
];

/// What the same words may tell of a second time: a hole with what was sent through it, an account that was left with whoever used it.
const SAME: [(&str, &str); 2] = [("vulnerability", "sql_injection"), ("retention_failure", "stolen_credentials")];

/// 「SQLインジェクションの脆弱性を突かれ」 names one cause; a hole that is told of elsewhere is one more.
pub(super) fn apart(scope: &Scope<'_>, found: &mut Vec<Found>) {
    for (second, first) in SAME {
        let of = |id: &str| found.iter().find(|cause| cause.cause.id() == id).map(|cause| sentences(scope, cause));
        let (Some(again), Some(told)) = (of(second), of(first)) else { continue };
        if again.iter().all(|sentence| told.contains(sentence)) {
            found.retain(|cause| cause.cause.id() != second);
        }
    }
}

/// The sentences that name a cause, each once.
fn sentences(scope: &Scope<'_>, cause: &Found) -> Vec<Option<usize>> {
    let mut all: Vec<Option<usize>> = cause.spans.iter().map(|span| scope.layout.sentence_at(span.start)).collect();
    all.dedup();
    all
}

/// Drops what is a wider name, or only a hint, of another cause.
pub(super) fn keep_specific(found: &mut Vec<Found>) {
    let ids: Vec<&str> = found.iter().map(|cause| cause.cause.id()).collect();
    let drop: Vec<&str> = GENERIC.iter().filter(|(_, specific)| specific.iter().any(|id| ids.contains(id))).map(|(id, _)| *id).collect();
    found.retain(|cause| !drop.contains(&cause.cause.id()));
    if found.len() > 1 {
        found.retain(|cause| cause.cause.id() != "unknown");
    }
    // A hint beside a named technique is part of its story, not a cause of its own.
    let strongest = found.iter().map(|cause| cause.weight).max().unwrap_or(0);
    found.retain(|cause| cause.weight + 4 >= strongest);
}

/// Whether a cause is only the way to another of these. A title that names the step and not the other tells of the step.
pub(super) fn is_step(cause: &Found, all: &[Found]) -> bool {
    let id = cause.cause.id();
    let leads_to = |mains: &[&str]| {
        let mut others = all.iter().filter(|other| other.cause.id() != id && mains.contains(&other.cause.id())).peekable();
        others.peek().is_some() && (!cause.titled || others.any(|other| other.titled))
    };
    match id {
        // A vulnerability is the door; the main cause is what came in through it.
        "vulnerability" => all.iter().any(|other| other.cause.id() != id && ATTACKS.contains(&other.cause.id())),
        id => STEPS.iter().any(|(step, mains)| *step == id && leads_to(mains)),
    }
}

/// What was found to have been stolen or thrown away is missed for that; where that is no more than likely, it is missing.
pub(super) fn behind(best: usize, all: &[Found]) -> usize {
    let taken =
        |cause: &Found| ["theft", "improper_disposal"].contains(&cause.cause.id()) && cause.score >= cause.weight && cause.weight > 0;
    let missing = all[best].cause.id() == "loss";
    all.iter().position(taken).filter(|_| missing).unwrap_or(best)
}

/// Whether somebody else is part of a cause: whose it was, or whom it reached.
pub(super) fn has_others(cause: Cause) -> bool {
    const WITH_OTHERS: [&str; 4] = ["misdelivery", "missent_email", "misregistration", "program_bug"];
    INSIDERS.contains(&cause.id()) || WITH_OTHERS.contains(&cause.id())
}

/// Whether a cause says no more than that something happened.
pub(super) fn is_wide(cause: Cause) -> bool {
    ["unauthorized_access", "unknown"].contains(&cause.id())
}

/// Whether a cause says how somebody from outside did it.
pub(super) fn is_technique(cause: Cause) -> bool {
    TECHNIQUES.contains(&cause.id())
}

/// What an overseer finds wanting beside what happened: 「権限を広く付与していたことを指摘し」 names no cause.
pub(super) fn is_failing(cause: Cause) -> bool {
    ["misconfiguration", "retention_failure", "unapproved_service"].contains(&cause.id())
}

/// Rows of less weight are too wide to tell of a second incident by themselves.
const PLAIN: i32 = 6;

/// One incident has one doer: what somebody else does in passing, 「機器は廃棄しました」 in the story of an attack, did not cause it. A text
/// about two incidents tells of each more than once.
pub(super) fn keep_companions(scope: &Scope<'_>, found: &mut Vec<Found>, main: usize) {
    let main = found[main].cause;
    let again = |cause: &Found| (cause.weight >= PLAIN || cause.score > cause.weight) && sentences(scope, cause).len() > 1;
    found.retain(|cause| cause.primary || cause.added || belongs(main, cause.cause) || again(cause));
}

/// Whether two causes are parts of one story.
fn belongs(main: Cause, other: Cause) -> bool {
    let (main, other) = (main.id(), other.id());
    let both = |kind: &[&str]| kind.contains(&main) && kind.contains(&other);
    both(ATTACKS) || both(&INSIDERS) || COMPANIONS.iter().any(|(mains, others)| mains.contains(&main) && others.contains(&other))
}
