//! Peak memory, as Linux tells it; elsewhere it is not known.

use std::fs;

/// The most that a group of processes had at a time in memory, in bytes: each one's peak, added up. `None` where the system does not tell.
pub(super) fn peak_of_groups(leaders: &[u32]) -> Option<u64> {
    let mut sum = 0;
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        let Ok(process) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
        if group(process).is_some_and(|group| leaders.contains(&group)) {
            sum += status(&process.to_string(), "VmHWM:").unwrap_or(0);
        }
    }
    (sum > 0).then_some(sum)
}

/// Lets the peak of this process begin anew, and says where: what it holds now.
pub(super) fn begin() -> Option<u64> {
    fs::write("/proc/self/clear_refs", "5").ok()?;
    status("self", "VmRSS:")
}

/// The peak of this process since [`begin`].
pub(super) fn peak() -> Option<u64> {
    status("self", "VmHWM:")
}

/// In bytes; the system tells it in KiB.
fn status(process: &str, field: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

/// After the name in brackets, which may hold anything: state, parent, group.
fn group(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(2)?.parse().ok()
}
