//! What `cargo xtask power-loss` runs: stories happen, the power is lost at thousands of their moments, and a table tells what came of it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use tests::power_loss::{HEADING, Report, Shim, Story, examine_log, examine_many};

/// Moments of one log: enough to meet every kind, few enough for many logs.
const MOMENTS_OF_A_LOG: u64 = 50;
/// As many moments of the disk that lies: one finding would do.
const LYING_MOMENTS: u64 = 40;

/// Lose the power, again and again.
#[derive(Debug, Parser)]
struct Args {
    /// At how many moments, over all stories.
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u64).range(1..))]
    moments: u64,
    /// What happens, and which moments, follows from this.
    #[arg(long, default_value_t = 20)]
    seed: u64,
    /// Look again at a log that was kept, with its seed, instead of having stories happen.
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let looked = match &args.log {
        Some(path) => again(path, &args),
        None => all(&args),
    };
    match looked {
        Ok(sound) => sound,
        Err(why) => {
            eprintln!("power-loss: {why}");
            ExitCode::FAILURE
        }
    }
}

fn again(path: &std::path::Path, args: &Args) -> Result<ExitCode, String> {
    let log = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    println!("{HEADING}");
    Ok(told(&examine_log(&log, args.seed, args.moments)))
}

fn all(args: &Args) -> Result<ExitCode, String> {
    let shim = Shim::try_new().ok_or("there is no C compiler to build the shim with")?;
    println!("{HEADING}");
    let (mut sound, mut moments, mut compared) = (true, 0, 0);
    let of_each = args.moments.div_ceil(Story::SOUND.len() as u64);
    for story in Story::SOUND {
        let logs = of_each.div_ceil(MOMENTS_OF_A_LOG);
        let seeds = (0..logs).map(|log| args.seed + log);
        let Some(report) = examine_many(story, seeds, of_each.div_ceil(logs), &shim) else { continue };
        sound &= told(&report) == ExitCode::SUCCESS;
        moments += report.moments();
        compared += report.compared();
    }
    let lying = examine_many(Story::LyingDisk, args.seed..=args.seed, LYING_MOMENTS, &shim);
    let found = lying.as_ref().is_some_and(|report| report.lost() > 0);
    if let Some(report) = &lying {
        println!("{report}");
    }
    println!("{moments} moments, {compared} orders compared: {}", if sound { "nothing lost" } else { "NOT SOUND" });
    println!(
        "on a disk that lies: {}",
        if found { "the loss was found" } else { "NO LOSS FOUND, so this proves nothing" }
    );
    Ok(if sound && found { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints a report, and what is wrong.
fn told(report: &Report) -> ExitCode {
    println!("{report}");
    let complaints = report.complaints();
    complaints.iter().for_each(|complaint| println!("    {complaint}"));
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
