//! What is said when the shop is open: what to open and what to call.

use std::io::Write;
use std::sync::Arc;

use service::Listening;
use storefronts::{Kind, Storefront};

use crate::settings::Settings;

/// Writes one line. Nobody need be there to read it.
macro_rules! line {
    ($($part:tt)*) => {
        let _ = writeln!(std::io::stdout(), $($part)*);
    };
}

/// Prints it to standard output.
pub fn print(
    listening: &[(String, Listening)],
    shown: &[Arc<Storefront>],
    alone: bool,
    open: bool,
    settings: &Settings,
) {
    let Some(door) = listening.first().map(|(_, door)| door.address) else { return };
    line!("maejin {} is ready on http://{door}   (data in {})", env!("MAEJIN_VERSION"), settings.data.display());
    if open {
        line!(
            "It is OPEN: everyone on this machine may buy, sell and look at everything. Never use this for real customers."
        );
    }
    line!("Open in a browser:  http://{door}/");
    line!("Call:");
    for storefront in shown {
        let prefix = if alone { String::new() } else { format!("/{}", storefront.recipe.name) };
        for kind in [Kind::Offering, Kind::Order, Kind::MyPage, Kind::ConfirmedList] {
            if let Some(resource) = storefront.resource(kind) {
                line!("  http http://{door}{prefix}/{}", resource.path);
            }
        }
    }
    for (service, listening) in &listening[1..] {
        line!("  http http://{}/   {service}", listening.address);
    }
}
