//! Serving the provider until it is told to stop.

use std::io;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::sandbox::Sandbox;

/// How long a stop waits for calls that are still coming in. Whoever stalls in the middle of one does not keep the shop from stopping.
const STOP_MAX: Duration = Duration::from_secs(5);

/// Answers calls on `listener` until `shutdown` is done, then cuts the calls it holds, finishes the others, and returns.
/// Once the last clone of `sandbox` is gone as well, its file may be opened again.
pub async fn serve(
    listener: TcpListener,
    sandbox: Sandbox,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (router, released) = (sandbox.router(), sandbox.released());
    let stop = async move {
        shutdown.await;
        sandbox.release_held();
    };
    let overdue = async move {
        released.await;
        tokio::time::sleep(STOP_MAX).await;
    };
    tokio::select! {
        served = axum::serve(listener, router).with_graceful_shutdown(stop) => served,
        () = overdue => {
            tracing::warn!("the sandbox provider stopped while a call was still coming in");
            Ok(())
        }
    }
}
