//! A shop that runs: each input is a batch, and the provider's answers come in between.

use contracts::{Answer, Message};
use engine::{HandledBatch, Intent};
use testkit::Rig;

use super::copied::Copied;
use super::input::{Input, feed};
use super::provider::Provider;

/// A shop, its provider, and all that came to it so far.
pub struct CoreShop {
    /// The engine and its store.
    pub rig: Rig<Message, Answer>,
    /// The payment provider.
    pub provider: Provider,
    /// Whether it wakes up at each deadline, as a node does that is not busy; else only when a wait is over, as one that was down.
    pub is_punctual: bool,
    /// What came to it from outside, in order.
    pub inputs: Vec<Input>,
    /// What its events say of it.
    pub copy: Copied,
    /// Answers of the provider that are on their way: the key of the intent, the number of the input they wait for, and the message.
    on_their_way: Vec<(u64, usize, Message)>,
}

impl CoreShop {
    /// The shop on `rig`.
    pub fn new(rig: Rig<Message, Answer>) -> Self {
        Self {
            rig,
            provider: Provider::default(),
            is_punctual: false,
            inputs: Vec::new(),
            copy: Copied::default(),
            on_their_way: Vec::new(),
        }
    }

    /// Somebody asks for something.
    ///
    /// # Errors
    /// Why it could not be handled.
    pub fn ask(&mut self, message: impl Into<Message>) -> Result<Answer, String> {
        let answer = self.step(Input::Ask(message.into()))?;
        self.hear_provider();
        Ok(answer.unwrap_or(Answer::Done))
    }

    /// So many milliseconds pass.
    pub fn wait(&mut self, ms: u64) {
        let until = self.rig.now + ms;
        while let Some(due) = self.rig.core.next_due().filter(|due| self.is_punctual && *due <= until) {
            self.pass(due.saturating_sub(self.rig.now));
        }
        self.pass(until - self.rig.now);
    }

    fn pass(&mut self, ms: u64) {
        self.rig.now += ms;
        let waited = self.step(Input::Wait(ms));
        waited.expect("to wait is no request");
        self.hear_provider();
    }

    /// Time passes until nothing is under way any more.
    pub fn rest(&mut self) {
        for _ in 0..4 {
            // Longer than the longest hold, and the longest patience for a step.
            self.wait(100_000_000);
            self.hear_everything();
        }
    }

    /// Crashes and starts again: what was intended and is not settled is asked of the provider again.
    #[must_use]
    pub fn crash(self) -> Self {
        let Self { rig, provider, is_punctual, inputs, copy, .. } = self;
        let mut shop = Self { rig: rig.reopen(), provider, is_punctual, inputs, copy, on_their_way: Vec::new() };
        let intents = shop.rig.intents();
        shop.perform(intents.into_iter().map(|intent| (intent.key, Some(intent))).collect());
        shop.hear_provider();
        shop
    }

    fn step(&mut self, input: Input) -> Result<Option<Answer>, String> {
        let at = self.inputs.len();
        let (answer, batch) = self.rig.batch(|core| feed(core, at, &input));
        self.inputs.push(input);
        self.took(batch);
        answer
    }

    /// Hears what a batch says, and has done what it intends.
    pub fn took(&mut self, batch: HandledBatch<Message>) {
        batch.messages.iter().for_each(|said| self.copy.hear(said));
        self.perform(batch.intents);
    }

    fn perform(&mut self, intents: Vec<(u64, Option<Intent>)>) {
        for (key, intent) in intents {
            self.on_their_way.retain(|(of, ..)| *of != key);
            let Some(intent) = intent else { continue };
            let effect: Message = minicbor::decode(&intent.effect).expect("an intent can be read");
            if let Some((outcome, later)) = self.provider.perform(&effect) {
                self.on_their_way.push((key, self.inputs.len() + later, outcome));
            }
        }
    }

    /// Hears those answers of the provider whose time has come.
    fn hear_provider(&mut self) {
        while let Some(at) = self.on_their_way.iter().position(|(_, due, _)| *due <= self.inputs.len()) {
            let (_, _, outcome) = self.on_their_way.remove(at);
            self.step(Input::Outcome(outcome)).expect("an outcome is no request");
        }
    }

    fn hear_everything(&mut self) {
        while let Some((_, _, outcome)) = self.on_their_way.pop() {
            self.step(Input::Outcome(outcome)).expect("an outcome is no request");
        }
    }
}
