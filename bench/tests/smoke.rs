//! The bench measures: a short run of each scenario, so that it cannot rot.

use std::path::Path;
use std::process::Command;

/// A quick run with `args`: what it printed.
fn quick(args: &[&str], out: &Path) -> String {
    let mut bench = Command::new(env!("CARGO_BIN_EXE_bench"));
    let ran = bench.arg("--quick").args(args).arg("--out").arg(out).output().expect("the bench runs");
    let (told, errors) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{told}{errors}");
    told.into_owned()
}

#[test]
fn a_quick_overload_tells_what_was_sold_and_draws_it() {
    let out = tempfile::tempdir().unwrap();
    let told = quick(&["--only", "overload"], out.path());
    for word in ["capacity", "told to come again", "memory", "itself again"] {
        assert!(told.contains(word), "{word}: {told}");
    }
    let picture = std::fs::read_to_string(out.path().join("overload.svg")).unwrap();
    assert_eq!(picture.matches("<polyline").count(), 3, "{picture}");
}

#[test]
fn a_quick_run_measures_each_scenario_and_draws_pictures() {
    let out = tempfile::tempdir().unwrap();
    let table = quick(&[], out.path());
    for scenario in ["nothing behind it", "append", "one hot offering", "10,000 offerings", "sold-out answers"] {
        let line = table.lines().find(|line| line.contains(scenario)).unwrap_or_else(|| panic!("{scenario}: {table}"));
        assert_eq!(line.matches('|').count(), 9, "{line}");
        assert!(!line.contains("NaN") && !line.contains("inf"), "{line}");
    }
    for picture in ["throughput.svg", "cpu.svg"] {
        let picture = std::fs::read_to_string(out.path().join(picture)).unwrap();
        assert!(picture.starts_with("<svg") && picture.contains("one hot offering"), "{picture}");
    }
}
