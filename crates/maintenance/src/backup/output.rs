//! What was backed up or restored, for people and for programs.

use std::fmt;
use std::path::Path;

use serde::Serialize;
use store::sqlite::backup::Manifest;

use super::orders::OrdersOf;
use contracts::display::moment;
use service::output::json;

/// What a backup that was made has in it.
pub fn made(path: &str, manifest: &Manifest) -> String {
    let mut text = format!("backed up to {path}: {}", records(manifest));
    for file in &manifest.files {
        text += &format!("\n  {:<12} {:>14} bytes   sha256 {}", file.name, file.bytes, file.sha256);
    }
    text + "\nverified: every record of the journal, and every file"
}

/// The same for a program.
pub fn made_json(path: &str, manifest: &Manifest) -> String {
    json(&Made { path, manifest })
}

/// What a backup has in it of which the files are what was written.
pub fn verified(path: &Path, manifest: &Manifest) -> String {
    let begun = moment(manifest.made_at_ms);
    format!(
        "{}: {}, begun {begun} by maejin {}\nevery file is what was written",
        path.display(),
        records(manifest),
        manifest.version
    )
}

#[derive(Serialize)]
struct Made<'a> {
    path: &'a str,
    #[serde(flatten)]
    manifest: &'a Manifest,
}

/// What was restored.
#[derive(Debug, Serialize)]
pub struct Restored {
    /// Where it is now.
    pub path: String,
    /// What the backup said of itself.
    #[serde(rename = "backup")]
    pub manifest: Manifest,
    /// How many records the tables had to be brought forward by.
    #[serde(rename = "records_applied")]
    pub applied: u64,
    /// The orders in it.
    pub orders: Vec<OrdersOf>,
}

impl fmt::Display for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "restored into {}: {}", self.path, records(&self.manifest))?;
        write!(f, "\n  backup begun {} by maejin {}", moment(self.manifest.made_at_ms), self.manifest.version)?;
        write!(f, "\n  {:<22} {:>10}", "records brought forward", self.applied)?;
        self.orders.iter().try_for_each(|of| write!(f, "\n  {:<22} {:>10} orders", of.storefront, of.orders))?;
        write!(f, "\nverified: every file is what was backed up")
    }
}

fn records(manifest: &Manifest) -> String {
    match manifest.last_record {
        0 => "no records yet".to_owned(),
        last => {
            let (first, at) = (manifest.first_record, moment(manifest.last_record_at_ms));
            format!("records {first} to {last}, the last of {at}")
        }
    }
}
