//! Whether anybody still reads what is written to standard output, without writing anything.

use std::fs::File;
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;

use tokio::io::Interest;
use tokio::net::unix::pipe::Sender;

/// Standard output, if it is a pipe.
pub struct Pipe(Option<Sender>);

impl Pipe {
    /// Within a runtime only.
    pub fn of_stdout() -> Self {
        Self(sender())
    }

    /// Whether its other end is closed. Anything else than a pipe is taken for read.
    pub async fn is_unread(&self) -> bool {
        let Some(sender) = &self.0 else { return false };
        tokio::select! {
            biased;
            ready = sender.ready(Interest::WRITABLE) => ready.is_ok_and(|ready| ready.is_write_closed()),
            () = std::future::ready(()) => false, // it is full, so somebody is only slow
        }
    }
}

fn sender() -> Option<Sender> {
    let file = File::from(std::io::stdout().as_fd().try_clone_to_owned().ok()?);
    let is_pipe = file.metadata().ok()?.file_type().is_fifo();
    // Unchecked, because the pipe stays a blocking one: it is only watched here, and written to elsewhere.
    if is_pipe { Sender::from_file_unchecked(file).ok() } else { None }
}
