//! Processes in groups of their own, so that nothing of them outlives the command: neither what they started nor what hangs.

use std::collections::BTreeSet;
use std::io;
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Every group that runs, by the id of its first process.
static RUNNING: Mutex<BTreeSet<u32>> = Mutex::new(BTreeSet::new());

/// A process and all that it starts. They end when this is dropped.
pub(super) struct Group(Child);

impl Group {
    pub(super) fn start(command: &mut Command) -> io::Result<Group> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        // Held meanwhile, so that Ctrl-C finds the process not yet started or already listed.
        let mut running = running();
        let child = command.spawn()?;
        running.insert(child.id());
        Ok(Group(child))
    }

    pub(super) fn id(&self) -> u32 {
        self.0.id()
    }

    pub(super) fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// How it ended, if it has; then the rest of its group ends too.
    pub(super) fn status(&mut self) -> Option<ExitStatus> {
        let status = self.0.try_wait().ok().flatten()?;
        self.kill();
        Some(status)
    }

    fn kill(&mut self) {
        let mut running = running();
        if running.remove(&self.0.id()) {
            end(self.0.id());
        }
        let _ = self.0.kill();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
        let _ = self.0.wait();
    }
}

/// Ends every group, and lets none start any more: for Ctrl-C, right before the end.
pub(crate) fn end_all() {
    let running = running();
    running.iter().copied().for_each(end);
    std::mem::forget(running);
}

fn running() -> MutexGuard<'static, BTreeSet<u32>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(unix)]
fn end(leader: u32) {
    use nix::sys::signal::{Signal, killpg};
    if let Ok(leader) = i32::try_from(leader) {
        // One that has ended meanwhile is what was wanted.
        let _ = killpg(nix::unistd::Pid::from_raw(leader), Signal::SIGKILL);
    }
}

/// Elsewhere there are no groups: the process ends, and what it started sees its pipes close.
#[cfg(not(unix))]
fn end(_leader: u32) {}
