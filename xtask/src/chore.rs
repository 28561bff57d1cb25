//! How a chore runs: commands from the top of the repository, and phases one after the other with their times.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// What a chore comes to; the error is a sentence for the person at the terminal.
pub type Outcome<T = ()> = Result<T, String>;

/// A named part of a chore.
#[derive(Clone, Copy)]
pub struct Phase {
    /// As shown in the table of times.
    pub name: &'static str,
    /// Does the work and passes its output through.
    pub run: fn() -> Outcome,
}

/// The top of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the xtask crate lies in a folder of the repository")
}

/// Runs `cargo` with `args` and passes its output through.
pub fn cargo(args: &[&str]) -> Outcome {
    let shown = format!("cargo {}", args.join(" "));
    println!("$ {shown}");
    let status = Command::new("cargo").args(args).current_dir(root()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` ended with {status}")),
        Err(error) => Err(format!("`{shown}` did not start: {error}")),
    }
}

/// Runs `program` quietly and returns what it printed.
pub fn output_of(program: &str, args: &[&str]) -> Outcome<String> {
    let shown = format!("{program} {}", args.join(" "));
    let output = Command::new(program).args(args).current_dir(root()).output();
    let output = output.map_err(|error| format!("`{shown}` did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{shown}` ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("`{shown}` printed no UTF-8: {error}"))
}

/// Runs all phases, also after one has failed, so that one run tells everything that is wrong; ends with their times.
pub fn run_all(phases: &[Phase]) -> Outcome {
    let results: Vec<Ran> = phases.iter().map(Ran::from_running).collect();
    println!("\n{}", times(&results));
    let failed: Vec<String> =
        results.iter().filter_map(|ran| ran.outcome.as_ref().err().map(|why| format!("{}: {why}", ran.name))).collect();
    if failed.is_empty() { Ok(()) } else { Err(failed.join("\nxtask: ")) }
}

struct Ran {
    name: &'static str,
    outcome: Outcome,
    took: Duration,
}

impl Ran {
    fn from_running(phase: &Phase) -> Self {
        println!("\n=== {} ===", phase.name);
        let start = Instant::now();
        let outcome = (phase.run)();
        if let Err(why) = &outcome {
            eprintln!("{}: {why}", phase.name);
        }
        Self { name: phase.name, outcome, took: start.elapsed() }
    }
}

fn times(results: &[Ran]) -> String {
    let line = |ran: &Ran| {
        let mark = if ran.outcome.is_ok() { "ok" } else { "FAILED" };
        format!("{:<8} {:>7.1} s  {mark}\n", ran.name, ran.took.as_secs_f64())
    };
    results.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn a_failed_phase_fails_the_chore_and_the_next_one_still_runs() {
        static SECOND_RAN: AtomicBool = AtomicBool::new(false);
        let second = || {
            SECOND_RAN.store(true, Ordering::Relaxed);
            Ok(())
        };
        let first = Phase { name: "first", run: || Err("broken".into()) };

        let outcome = run_all(&[first, Phase { name: "second", run: second }]);

        assert_eq!(outcome, Err("first: broken".into()));
        assert!(SECOND_RAN.load(Ordering::Relaxed));
    }

    #[test]
    fn each_phase_gets_a_line_with_its_time() {
        let ran = |name, outcome| Ran { name, outcome, took: Duration::from_millis(1500) };

        let table = times(&[ran("fmt", Ok(())), ran("test", Err("x".into()))]);

        assert_eq!(table, "fmt          1.5 s  ok\ntest         1.5 s  FAILED\n");
    }
}
