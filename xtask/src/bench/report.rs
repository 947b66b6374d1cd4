//! The figures as a table for people and in `bench.json` for programs.

use std::fs;
use std::time::Duration;

use super::process::{Cpu, Memory};
use crate::outcome::Outcome;
use crate::paths;
use crate::terminal::print;

/// The most private memory that Deskside may use, as a multiple of the floor's: a quarter more for
/// everything it does.
const MEMORY_GOAL: f64 = 1.25;
/// Percent of one core at rest. On a laptop, more than this shows in the battery.
const CPU_GOAL: f64 = 0.1;

/// The measurements of one app.
pub(crate) struct Figures {
    /// Its name in the JSON.
    pub(crate) name: &'static str,
    /// At rest.
    pub(crate) rest: Rest,
    /// From its start until its icon was in the tray.
    pub(crate) starts: Vec<Duration>,
    /// From the start of a second copy with a link until that copy's end.
    pub(crate) handoffs: Vec<Duration>,
    /// The size of its program.
    pub(crate) program_bytes: u64,
}

/// What an app uses while nothing happens.
pub(crate) struct Rest {
    /// Of all its processes.
    pub(crate) memory: Memory,
    /// The number of its processes.
    pub(crate) processes: usize,
    /// Of all its processes.
    pub(crate) cpu: Cpu,
}

/// Prints the figures and writes `bench.json`.
pub(crate) fn report(floor: &Figures, deskside: &Figures) -> Outcome {
    let memory = ratio(private(deskside), private(floor));
    let cpu = deskside.rest.cpu.share();
    let rows = [
        Row::new("private memory at rest", "MB", 1, [private(floor), private(deskside)]),
        Row::new("  written to", "MB", 1, [written(floor), written(deskside)]),
        Row::new("processes", "", 0, [processes(floor), processes(deskside)]),
        Row::new("processor at rest", "%", 4, [floor.rest.cpu.share(), cpu]),
        Row::new("  by the clock of `ps`", "ms", 0, [ticks(floor), ticks(deskside)]),
        Row::new("start to tray", "ms", 1, [median(&floor.starts), median(&deskside.starts)]),
        Row::new(
            "link handed over",
            "ms",
            1,
            [median(&floor.handoffs), median(&deskside.handoffs)],
        ),
        Row::new("program on disk", "MB", 1, [size(floor), size(deskside)]),
    ];
    let mut text = format!("\n{:<26}{:>14}{:>14}{:>8}\n", "", "floor", "Deskside", "ratio");
    text.extend(rows.iter().map(Row::line));
    let goals = [
        Goal { what: "private memory, times the floor's", at_most: MEMORY_GOAL, is: memory },
        Goal { what: "percent of a core at rest", at_most: CPU_GOAL, is: cpu },
    ];
    text.extend(goals.iter().map(Goal::line));
    print(&text)?;

    let file = paths::work_folder("")?.join("bench.json");
    fs::write(&file, json(floor, deskside, &goals))?;
    print(&format!("written to {}\n", file.display()))?;
    Ok(())
}

struct Row {
    what: &'static str,
    unit: &'static str,
    places: usize,
    values: [f64; 2],
}

impl Row {
    const fn new(what: &'static str, unit: &'static str, places: usize, values: [f64; 2]) -> Self {
        Self { what, unit, places, values }
    }

    fn line(&self) -> String {
        let Self { what, unit, places, values: [floor, deskside] } = self;
        let ratio = ratio(*deskside, *floor);
        // There is no ratio of zero to zero.
        let ratio = if ratio.is_finite() { format!("{ratio:.2}") } else { "-".to_owned() };
        format!(
            "{what:<26}{floor:>11.places$} {unit:<2}{deskside:>11.places$} {unit:<2}{ratio:>8}\n"
        )
    }
}

struct Goal {
    what: &'static str,
    at_most: f64,
    is: f64,
}

impl Goal {
    fn is_met(&self) -> bool {
        self.is <= self.at_most
    }

    fn line(&self) -> String {
        let Self { what, at_most, is } = self;
        let word = if self.is_met() { "met" } else { "missed" };
        format!("goal {word}: {what} at most {at_most}, is {is:.3}\n")
    }
}

fn json(floor: &Figures, deskside: &Figures, goals: &[Goal]) -> String {
    let goals: Vec<String> = goals
        .iter()
        .map(|goal| {
            let Goal { what, at_most, is } = goal;
            format!(
                r#"    {{"goal": "{what}", "at_most": {at_most}, "is": {is:.4}, "met": {}}}"#,
                goal.is_met()
            )
        })
        .collect();
    let apps = [floor, deskside].map(app_json).join(",\n");
    format!("{{\n  \"schema\": 1,\n{apps},\n  \"goals\": [\n{}\n  ]\n}}\n", goals.join(",\n"))
}

fn app_json(figures: &Figures) -> String {
    let Figures { name, rest: Rest { memory, processes, cpu }, starts, handoffs, program_bytes } =
        figures;
    let list = |times: &[Duration]| {
        times
            .iter()
            .map(|time| format!("{:.2}", milliseconds(*time)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let lines = [
        format!(r#""private_kilobytes": {}"#, memory.private),
        format!(r#""private_written_kilobytes": {}"#, memory.written),
        format!(r#""processes": {processes}"#),
        format!(r#""watched_seconds": {:.3}"#, cpu.over.as_secs_f64()),
        format!(r#""cpu_nanoseconds": {}"#, cpu.exact.as_nanos()),
        format!(r#""cpu_ticks_milliseconds": {}"#, cpu.ticks.as_millis()),
        format!(r#""cpu_percent_of_a_core": {:.5}"#, cpu.share()),
        format!(r#""start_to_tray_milliseconds": [{}]"#, list(starts)),
        format!(r#""link_handed_over_milliseconds": [{}]"#, list(handoffs)),
        format!(r#""program_bytes": {program_bytes}"#),
    ];
    format!("  \"{name}\": {{\n    {}\n  }}", lines.join(",\n    "))
}

fn ratio(deskside: f64, floor: f64) -> f64 {
    deskside / floor
}

fn private(figures: &Figures) -> f64 {
    megabytes(figures.rest.memory.private)
}

fn written(figures: &Figures) -> f64 {
    megabytes(figures.rest.memory.written)
}

fn ticks(figures: &Figures) -> f64 {
    milliseconds(figures.rest.cpu.ticks)
}

fn processes(figures: &Figures) -> f64 {
    figures.rest.processes as f64
}

fn size(figures: &Figures) -> f64 {
    megabytes(figures.program_bytes / 1024)
}

/// Kibibytes in mebibytes.
fn megabytes(kibibytes: u64) -> f64 {
    kibibytes as f64 / 1024.0
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The median in milliseconds. One slow start among ten is due to the computer, not the app.
fn median(times: &[Duration]) -> f64 {
    let mut sorted: Vec<f64> = times.iter().copied().map(milliseconds).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
    let half = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) {
        f64::midpoint(at(half.saturating_sub(1)), at(half))
    } else {
        at(half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some(private: u64, nanoseconds: u64) -> Figures {
        let cpu = Cpu {
            over: Duration::from_secs(60),
            exact: Duration::from_nanos(nanoseconds),
            ticks: Duration::ZERO,
        };
        let rest = Rest { memory: Memory { private, written: private }, processes: 1, cpu };
        let times = || vec![Duration::from_millis(60), Duration::from_millis(50)];
        Figures { name: "floor", rest, starts: times(), handoffs: times(), program_bytes: 1 }
    }

    #[test]
    fn one_slow_run_does_not_move_the_median() {
        let times =
            |all: &[u64]| all.iter().copied().map(Duration::from_millis).collect::<Vec<_>>();
        assert!((median(&times(&[3, 900, 1])) - 3.0).abs() < 1e-9);
        assert!((median(&times(&[4, 900, 1, 2])) - 3.0).abs() < 1e-9);
    }

    #[test]
    fn a_missed_goal_is_reported_as_missed() {
        let goal = |is| Goal { what: "anything", at_most: 1.25, is }.line();
        assert!(goal(1.25).starts_with("goal met"), "a goal that is just met counts as missed");
        assert!(goal(1.26).starts_with("goal missed"), "a missed goal counts as met");
        assert!(
            goal(f64::NAN).starts_with("goal missed"),
            "a goal without a measurement counts as met"
        );
    }

    #[test]
    fn the_share_is_that_of_one_core() {
        // Given 60 milliseconds in a minute
        let figures = some(1, 60_000_000);
        // Then that is a thousandth of it
        assert!((figures.rest.cpu.share() - 0.1).abs() < 1e-9);
    }

    #[test]
    fn the_json_has_every_brace_closed() {
        let text = json(&some(1, 1), &some(2, 2), &[]);
        assert_eq!(text.matches(['{', '[']).count(), text.matches(['}', ']']).count());
    }
}
