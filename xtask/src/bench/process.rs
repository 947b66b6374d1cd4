//! Memory and processor time of processes, from `/proc`: see `proc(5)`.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use crate::outcome::Outcome;

/// The unit of times in `/proc/PID/stat`: a hundredth of a second on every Linux that Rust's
/// standard library runs on with more than one user.
const TICK: Duration = Duration::from_millis(10);

/// Memory of several processes together, in kibibytes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Memory {
    /// What no other process uses. It would be free without these.
    pub(crate) private: u64,
    /// The part of it that they have written, which does not depend on other processes.
    pub(crate) written: u64,
}

/// Processor time.
pub(crate) struct Cpu {
    /// The time over which it was measured.
    pub(crate) over: Duration,
    /// As the scheduler counts it, in nanoseconds.
    pub(crate) exact: Duration,
    /// As `ps` counts it, in hundredths of a second.
    pub(crate) ticks: Duration,
}

impl Cpu {
    /// Percent of one core.
    pub(crate) fn share(&self) -> f64 {
        100.0 * self.exact.as_secs_f64() / self.over.as_secs_f64()
    }
}

/// A process and all processes below it.
pub(crate) fn tree(root: u32) -> Outcome<Vec<u32>> {
    let mut parents = BTreeMap::new();
    for entry in fs::read_dir("/proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // It may have ended by now.
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        if let Some(parent) = field(&stat, 4) {
            parents.insert(pid, parent);
        }
    }
    let mut tree = vec![root];
    // A child may have a smaller number than its parent, so repeat until nothing is added.
    loop {
        let size = tree.len();
        for (pid, parent) in &parents {
            let is_ours = u32::try_from(*parent).is_ok_and(|parent| tree.contains(&parent));
            if is_ours && !tree.contains(pid) {
                tree.push(*pid);
            }
        }
        if tree.len() == size {
            return Ok(tree);
        }
    }
}

/// The memory of these processes.
pub(crate) fn memory(processes: &[u32]) -> Outcome<Memory> {
    let mut sum = Memory::default();
    for pid in processes {
        let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
        let private = kilobytes(&text, "Private_Clean:").zip(kilobytes(&text, "Private_Dirty:"));
        let (clean, dirty) = private.ok_or("smaps_rollup has no private memory")?;
        sum.private = sum.private.saturating_add(clean).saturating_add(dirty);
        sum.written = sum.written.saturating_add(dirty);
    }
    Ok(sum)
}

/// Measures the processor time of a process and all processes below it.
pub(crate) struct CpuMeter {
    root: u32,
    began: Instant,
    first: BTreeMap<(u32, u32), u64>,
    last: BTreeMap<(u32, u32), u64>,
    ticks_first: u64,
}

impl CpuMeter {
    /// Counts from now on.
    pub(crate) fn begin(root: u32) -> Outcome<Self> {
        let first = threads(root)?;
        let ticks_first = ticks(root)?;
        Ok(Self { root, began: Instant::now(), last: first.clone(), first, ticks_first })
    }

    /// Call this often: of a thread that has ended, only what was sampled counts.
    pub(crate) fn sample(&mut self) -> Outcome {
        self.last.extend(threads(self.root)?);
        Ok(())
    }

    /// The sum since the beginning.
    pub(crate) fn end(mut self) -> Outcome<Cpu> {
        self.sample()?;
        let over = self.began.elapsed();
        let used = |(thread, time): (&(u32, u32), &u64)| {
            time.saturating_sub(self.first.get(thread).copied().unwrap_or_default())
        };
        let exact = Duration::from_nanos(self.last.iter().map(used).sum());
        let ticks = ticks(self.root)?.saturating_sub(self.ticks_first);
        Ok(Cpu { over, exact, ticks: TICK * u32::try_from(ticks)? })
    }
}

/// Nanoseconds of each thread, by process and thread.
fn threads(root: u32) -> Outcome<BTreeMap<(u32, u32), u64>> {
    let mut times = BTreeMap::new();
    for pid in tree(root)? {
        for entry in fs::read_dir(format!("/proc/{pid}/task"))? {
            let entry = entry?;
            let Some(thread) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
                continue;
            };
            // It may have ended by now.
            let text = fs::read_to_string(entry.path().join("schedstat")).unwrap_or_default();
            let time = text.split_ascii_whitespace().next().and_then(|time| time.parse().ok());
            times.extend(time.map(|time| ((pid, thread), time)));
        }
    }
    if times.is_empty() {
        return Err(format!("process {root} has ended, or this kernel keeps no schedstat").into());
    }
    Ok(times)
}

fn ticks(root: u32) -> Outcome<u64> {
    let mut sum = 0_u64;
    for pid in tree(root)? {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        let (user, system) = field(&stat, 14).zip(field(&stat, 15)).ok_or("stat has no times")?;
        sum = sum.saturating_add(user).saturating_add(system);
    }
    Ok(sum)
}

/// A field of `stat` by its number in the manual. The second is the name in parentheses, which may
/// itself contain spaces and parentheses.
fn field(stat: &str, number: usize) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_ascii_whitespace().nth(number.checked_sub(3)?)?.parse().ok()
}

fn kilobytes(smaps: &str, key: &str) -> Option<u64> {
    let value = smaps.lines().find_map(|line| line.strip_prefix(key))?;
    value.trim().strip_suffix("kB")?.trim_end().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_does_not_shift_the_fields() {
        let stat = "77 (odd) name) S 5 77 77 0 -1 4194560 1 0 0 0 120 34 0 0 20 0";
        assert_eq!(field(stat, 4), Some(5), "the parent");
        assert_eq!(field(stat, 14).zip(field(stat, 15)), Some((120, 34)), "the times");
        assert_eq!(field("", 4), None, "a process that has ended");
    }

    #[test]
    fn a_line_of_smaps_is_found_by_its_whole_key() {
        let smaps =
            "Pss:                 326 kB\nPss_Dirty:           116 kB\nPrivate_Dirty:  7 kB\n";
        assert_eq!(kilobytes(smaps, "Pss:"), Some(326));
        assert_eq!(kilobytes(smaps, "Private_Dirty:"), Some(7));
        assert_eq!(kilobytes(smaps, "Private_Clean:"), None);
    }
}
