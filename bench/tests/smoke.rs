//! The bench measures: a short run of each scenario, so that it cannot rot.

use std::process::Command;

#[test]
fn a_quick_run_measures_each_scenario_and_draws_pictures() {
    let out = tempfile::tempdir().unwrap();
    let ran = Command::new(env!("CARGO_BIN_EXE_bench")).args(["--quick", "--out"]).arg(out.path()).output().unwrap();
    let (table, errors) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{table}{errors}");
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
