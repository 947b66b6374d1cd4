//! Reports the end of a process as soon as it ends.
//!
//! Windows waits for it without a thread of ours. A process that cannot be opened is left to the next
//! probe of the process list. docs/sources/platform.md#processes
#![expect(unsafe_code, reason = "waiting for a process without a thread needs Win32")]

use std::collections::BTreeSet;
use std::ffi::c_void;
use std::os::windows::io::{AsRawHandle, OwnedHandle};
use std::ptr::null_mut;
use std::sync::Arc;

use windows_sys::Win32::Foundation::{HANDLE, INVALID_HANDLE_VALUE};
use windows_sys::Win32::System::Threading::{
    INFINITE, PROCESS_QUERY_LIMITED_INFORMATION, PROCESS_SYNCHRONIZE, RegisterWaitForSingleObject,
    UnregisterWaitEx, WT_EXECUTEONLYONCE,
};

use super::processes::{exit_code, open};

type Wake = Box<dyn Fn() + Send + Sync>;

/// Waits for processes to end.
pub(crate) struct ProcessExits {
    wake: Arc<Wake>,
    watched: Vec<Watch>,
}

impl ProcessExits {
    /// `wake` is called on a thread of Windows each time a watched process ends. It must return
    /// immediately and must not drop this value.
    pub(crate) fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self { wake: Arc::new(Box::new(wake)), watched: Vec::new() }
    }

    /// Watches exactly these processes, and returns the exit codes of those that are no longer among them and
    /// have ended. Existing watches are kept: Windows does not reuse the number of a process while a handle to
    /// it is open. docs/sources/platform.md#processes
    pub(crate) fn watch(&mut self, pids: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
        let mut wanted: BTreeSet<u32> = pids.collect();
        let gone: Vec<Watch> =
            self.watched.extract_if(.., |watch| !wanted.remove(&watch.pid)).collect();
        self.watched.extend(wanted.into_iter().filter_map(|pid| Watch::new(pid, &self.wake)));
        gone.iter().filter_map(|watch| Some((watch.pid, exit_code(&watch.process)?))).collect()
    }
}

/// The watch on one process, until it is dropped.
struct Watch {
    pid: u32,
    wait: HANDLE,
    /// Kept open as long as the wait is registered.
    process: OwnedHandle,
    /// Kept alive as long as Windows can call it.
    _wake: Arc<Wake>,
}

// SAFETY: a wait handle belongs to the process, not to a thread.
unsafe impl Send for Watch {}

impl Watch {
    /// `None` when Windows refuses.
    fn new(pid: u32, wake: &Arc<Wake>) -> Option<Self> {
        let process = open(pid, PROCESS_SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION).ok()?;
        let wake = Arc::clone(wake);
        let mut wait = null_mut();
        // SAFETY: the process and the target of `wake` live until `drop` unregisters the wait.
        let registered = unsafe {
            let (context, process) = (Arc::as_ptr(&wake).cast(), process.as_raw_handle());
            let (wait, once) = (&raw mut wait, WT_EXECUTEONLYONCE);
            RegisterWaitForSingleObject(wait, process, Some(ended), context, INFINITE, once)
        };
        (registered != 0).then_some(Self { pid, wait, process, _wake: wake })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // SAFETY: registered once and unregistered once. The second argument waits for running callbacks,
        // so that none can use a dropped value. docs/sources/platform.md#processes
        unsafe { UnregisterWaitEx(self.wait, INVALID_HANDLE_VALUE) };
    }
}

/// Called by Windows on its own thread when a process has ended.
unsafe extern "system" fn ended(wake: *mut c_void, _timed_out: bool) {
    // SAFETY: `Watch` passed this address and keeps it alive until the wait is unregistered.
    let wake = unsafe { &*wake.cast::<Wake>().cast_const() };
    wake();
}

#[cfg(test)]
mod tests {
    use std::process::{Child, Command, Stdio};
    use std::sync::mpsc::{self, Receiver, TryRecvError};
    use std::time::Duration;

    use super::*;

    const DEADLINE: Duration = Duration::from_secs(20);

    /// A process that runs until its standard input ends.
    fn child() -> Child {
        Command::new("cmd").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap()
    }

    fn end(child: &mut Child) {
        drop(child.stdin.take());
        child.wait().unwrap();
    }

    fn exits() -> (ProcessExits, Receiver<()>) {
        let (tell, woken) = mpsc::channel();
        (ProcessExits::new(move || tell.send(()).unwrap_or_default()), woken)
    }

    #[test]
    fn process_exit_wakes_once_per_watched_process() {
        let (mut exits, woken) = exits();
        let mut child = child();
        exits.watch([child.id()].into_iter());
        exits.watch([child.id(), child.id()].into_iter());
        assert_eq!(woken.try_recv(), Err(TryRecvError::Empty), "it still runs");
        end(&mut child);
        woken.recv_timeout(DEADLINE).unwrap();
        exits.watch(std::iter::empty());
        assert_eq!(woken.try_recv(), Err(TryRecvError::Empty), "one end, one call");
    }

    #[test]
    fn exits_of_several_processes_are_reported() {
        let (mut exits, woken) = exits();
        let mut children = [child(), child()];
        exits.watch(children.iter().map(Child::id));
        for child in &mut children {
            end(child);
            woken.recv_timeout(DEADLINE).unwrap();
        }
    }

    #[test]
    fn exit_code_is_returned_once_after_the_end() {
        let (mut exits, woken) = exits();
        let mut child = Command::new("cmd")
            .args(["/c", "set /p x= & exit -1073741819"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let pid = child.id();
        assert_eq!(exits.watch([pid].into_iter()), []);
        assert_eq!(exits.watch([pid].into_iter()), [], "it still runs");
        end(&mut child);
        woken.recv_timeout(DEADLINE).unwrap();
        assert_eq!(exits.watch(std::iter::empty()), [(pid, 0xC000_0005)]);
        assert_eq!(exits.watch(std::iter::empty()), []);
    }

    #[test]
    fn dropped_watches_call_nothing() {
        let (mut exits, woken) = exits();
        let mut child = child();
        exits.watch([child.id()].into_iter());
        drop(exits);
        end(&mut child);
        assert_eq!(woken.try_recv(), Err(TryRecvError::Disconnected), "a dropped watch was called");
    }

    #[test]
    fn inaccessible_processes_are_not_watched() {
        let (mut exits, woken) = exits();
        exits.watch([u32::MAX - 1].into_iter());
        assert!(exits.watched.is_empty());
        assert_eq!(woken.try_recv(), Err(TryRecvError::Empty));
    }
}
