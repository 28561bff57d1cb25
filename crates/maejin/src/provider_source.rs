//! The provider that a check asks for its list: at the address that is given, or the one that serve would ask; or else the book of the
//! sandbox that ran beside the shop, which is served from its file for as long as the check lasts.

use std::path::Path;
use std::sync::Arc;

use provider::HttpProvider;
use world::SystemClock;

use crate::cli::Serve;
use crate::serve::provider_at;
use crate::settings::Settings;

/// The provider of the store in `dir`.
///
/// # Errors
/// If it cannot be asked, or a setting is wrong.
pub async fn open(dir: &Path, url: Option<&str>) -> Result<HttpProvider, String> {
    let settings = Settings::of(&Serve { data: Some(dir.to_owned()), ..Serve::default() })?;
    match url.map(str::to_owned).or(settings.payment.url.clone()) {
        Some(url) => provider_at(&settings, url),
        None => provider_at(&settings, sandbox(dir).await?),
    }
}

/// The address of the book in `dir`.
async fn sandbox(dir: &Path) -> Result<String, String> {
    let failed = |why: &dyn std::fmt::Display| format!("the sandbox payment provider: {why}");
    let book = sandbox::Sandbox::read(&dir.join("sandbox"), Arc::new(SystemClock)).map_err(|error| failed(&error))?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(|error| failed(&error))?;
    let at = listener.local_addr().map_err(|error| failed(&error))?;
    tokio::spawn(sandbox::serve(listener, book, std::future::pending()));
    Ok(format!("http://{at}"))
}
