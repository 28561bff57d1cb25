//! What comes to a shop from outside, and how it is handed to an engine.

use contracts::{Answer, Message, ServiceName};
use engine::{Command, Core};
use testkit::Rig;

/// Something that comes from outside.
#[derive(Debug, Clone)]
pub enum Input {
    /// Somebody asks for something.
    Ask(Message),
    /// The payment provider says what became of a charge or a refund.
    Outcome(Message),
    /// So many milliseconds pass.
    Wait(u64),
}

/// Hands `input`, which is number `at` of all, to the engine. A wait is none of the engine's business.
///
/// # Errors
/// Why a request could not be handled.
pub fn feed(core: &mut Core<Message, Answer>, at: usize, input: &Input) -> Result<Option<Answer>, String> {
    let correlation = at as u64 + 1;
    match input {
        Input::Ask(message) => {
            core.command(Command { message: message.clone(), correlation, cause: 0, key: None }).map(Some)
        }
        Input::Outcome(message) => {
            core.dispatch(ServiceName::Payment as u8, message.clone(), correlation, 0);
            Ok(None)
        }
        Input::Wait(_) => Ok(None),
    }
}

/// Hands all of `inputs` to `rig`, as many at once as `sizes` say, over and over; a wait always begins a batch. `after` sees each batch.
pub fn replay(
    rig: &mut Rig<Message, Answer>,
    inputs: &[Input],
    sizes: &[usize],
    mut after: impl FnMut(&mut Rig<Message, Answer>, engine::HandledBatch<Message>),
) {
    let mut sizes = sizes.iter().copied().cycle();
    let mut at = 0;
    while at < inputs.len() {
        let most = sizes.next().unwrap_or(1).max(1);
        if let Input::Wait(ms) = inputs[at] {
            rig.now += ms;
        }
        let rest = inputs[at + 1..].iter().take(most - 1);
        let length = 1 + rest.take_while(|input| !matches!(input, Input::Wait(_))).count();
        let (_, batch) = rig.batch(|core| {
            for (at, input) in (at..).zip(&inputs[at..at + length]) {
                feed(core, at, input).expect("no service fails");
            }
        });
        after(rig, batch);
        at += length;
    }
}
