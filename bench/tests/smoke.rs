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

const TITLES: [&str; 16] = [
    "nothing behind it",
    "append",
    "one hot offering ",
    "one hot offering, without keys",
    "10,000 offerings",
    "sold-out answers",
    "sold out, without keys",
    "seats, one each",
    "my page read",
    "those orders meanwhile",
    "by a facade",
    "show:",
    "musical:",
    "movie:",
    "coupon:",
    "shop:",
];

#[test]
fn a_quick_run_measures_each_scenario_and_draws_pictures() {
    let out = tempfile::tempdir().unwrap();
    let table = quick(&[], out.path());
    for scenario in TITLES {
        let line = table.lines().find(|line| line.contains(scenario)).unwrap_or_else(|| panic!("{scenario}: {table}"));
        assert_eq!(line.matches('|').count(), 9, "{line}");
        assert!(!line.contains("NaN") && !line.contains("inf"), "{line}");
    }
    assert!(table.contains("generator vs wrk on null"), "{table}");
    for picture in ["throughput.svg", "cpu.svg", "latency.svg"] {
        let picture = std::fs::read_to_string(out.path().join(picture)).unwrap();
        assert!(picture.starts_with("<svg") && picture.contains("one hot offering"), "{picture}");
    }
}

#[test]
fn a_quick_look_at_growth_fills_stores_keeps_them_and_uses_them_again() {
    let (out, keep) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let dir = keep.path().to_str().expect("a path of this test");
    let args = ["--only", "growth", "--orders", "0,3000", "--keep", dir];
    for _ in 0..2 {
        let table = quick(&args, out.path());
        let line = table.lines().find(|line| line.starts_with("| 3,000 orders")).unwrap_or_else(|| panic!("{table}"));
        assert!(line.contains(" %") && !line.contains("NaN") && !line.contains("inf"), "{line}");
        assert!(table.contains("ready after"), "{table}");
    }
    let kept = std::fs::read_to_string(keep.path().join("orders-3000").join("whole")).unwrap();
    assert_eq!(kept, "3000");
    let picture = std::fs::read_to_string(out.path().join("growth-throughput.svg")).unwrap();
    assert!(picture.contains("3,000 orders"), "{picture}");
}
