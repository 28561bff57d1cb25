//! Placing an order, for all doors alike: the answer is the order's id, and what became of it is waited for.

use std::time::Duration;

use backend::{Ask, Backend, Done, Stage, Then, Unavailable};
use contracts::queries::{Asks, Placed, PlacedOrder};
use contracts::{Answer, Code, OrderId, Rejection};

/// Has `ask` placed, and waits `within` that time until its order has come to `stage`. The order as far as it came, or why none was placed.
///
/// # Errors
/// If it was not answered, or its outcome cannot be read.
pub async fn place_and_wait(
    backend: &dyn Backend,
    ask: Ask,
    stage: Stage,
    within: Duration,
) -> Result<Result<Placed, Rejection>, Unavailable> {
    let Done { answer, found, .. } = backend.submit(ask.then(Then::Answered)).await?;
    let order = match answer {
        Answer::Order(order) => order,
        Answer::Refused(rejection) => return Ok(Err(rejection)),
        _ => return Err(Unavailable::Fault { why: "what was placed is no order".to_owned() }),
    };
    match found.and_then(PlacedOrder::of).flatten() {
        Some(placed) => come_to(backend, order, placed, stage, within).await.map(Ok),
        None => Ok(Err(Rejection::new(Code::NotFound, "the order is not kept"))),
    }
}

/// Waits `within` that time until an order, which is `placed` by now, has come to `stage`; what became of it by then.
///
/// # Errors
/// If that cannot be read: the order is there all the same.
pub async fn come_to(
    backend: &dyn Backend,
    order: OrderId,
    placed: Placed,
    stage: Stage,
    within: Duration,
) -> Result<Placed, Unavailable> {
    if within.is_zero() || stage.is_reached(&placed) {
        return Ok(placed);
    }
    // Seldom, and not a part of the way of an order that is decided with its stock.
    Box::pin(async move {
        let decided = backend.decision(order, stage, within).await.map_err(Unavailable::of_outcome)?;
        if let Some(decided) = decided {
            return Ok(decided);
        }
        let now = backend.ask(PlacedOrder { id: order }).await.map_err(Unavailable::of_outcome)?;
        Ok(now.unwrap_or(placed))
    })
    .await
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use backend::{
        EventRecord, IdempotencyKey, ParkedLine, ParkedMessage, Position, SaidRecord, Steer, Steered, WhichParked,
    };
    use contracts::commands::CancelOrder;
    use contracts::queries::{Found, Query};
    use contracts::states::OrderState;
    use contracts::{OfferingId, Recorded, Shard};
    use futures_util::future::{BoxFuture, ready};
    use tokio::sync::watch;

    use super::*;
    use crate::given;

    const ORDER: OrderId = OrderId(7);
    const WITHIN: Duration = Duration::from_secs(5);

    fn order(state: OrderState) -> Placed {
        Placed::Kept(Box::new(given::order(ORDER, OfferingId(1), |now| now.state = state)))
    }

    /// A shop that answers what it is told to, and notes for which stage it was asked to wait.
    struct Told {
        answer: Answer,
        found: Option<Placed>,
        decided: Option<Placed>,
        now: Option<Placed>,
        waited: Mutex<Option<Stage>>,
    }

    impl Told {
        fn with(found: Placed) -> Self {
            let (answer, waited) = (Answer::Order(ORDER), Mutex::default());
            Self { answer, found: Some(found), decided: None, now: None, waited }
        }

        async fn placed(&self, stage: Stage, within: Duration) -> Result<Result<Placed, Rejection>, Unavailable> {
            place_and_wait(self, Ask::of(CancelOrder::of(ORDER), 1), stage, within).await
        }
    }

    impl Backend for Told {
        fn admits(&self, _: Shard) -> Result<(), Unavailable> {
            Ok(())
        }
        fn submit(&self, _: Ask) -> BoxFuture<'_, Result<Done, Unavailable>> {
            let found = self.found.clone().map(|placed| Found::PlacedOrder(Some(placed)));
            Box::pin(ready(Ok(Done { answer: self.answer.clone(), found, position: Position::START })))
        }
        fn query(&self, _: Query, _: Position) -> BoxFuture<'_, Result<Found, Unavailable>> {
            Box::pin(ready(Ok(Found::PlacedOrder(self.now.clone()))))
        }
        fn decision(
            &self,
            _: OrderId,
            stage: Stage,
            _: Duration,
        ) -> BoxFuture<'_, Result<Option<Placed>, Unavailable>> {
            *self.waited.lock().unwrap() = Some(stage);
            Box::pin(ready(Ok(self.decided.clone())))
        }
        fn is_sold_out(&self, _: OfferingId, _: u64, _: Option<&str>) -> bool {
            false
        }
        fn was_answered(&self, _: IdempotencyKey) -> BoxFuture<'_, Result<bool, Unavailable>> {
            Box::pin(ready(Ok(false)))
        }
        fn durable(&self) -> watch::Receiver<u64> {
            watch::channel(0).1
        }
        fn record_of(&self, id: u64) -> u64 {
            id
        }
        fn events(&self, _: u64, _: u64) -> BoxFuture<'_, Result<Vec<EventRecord>, Unavailable>> {
            Box::pin(ready(Ok(Vec::new())))
        }
        fn said(&self, _: u64, _: u64) -> BoxFuture<'_, Result<Vec<SaidRecord>, Unavailable>> {
            Box::pin(ready(Ok(Vec::new())))
        }
        fn at_hand(&self, _: u64) -> BoxFuture<'_, Result<(), Unavailable>> {
            Box::pin(ready(Ok(())))
        }
        fn timeline(&self, _: OrderId) -> BoxFuture<'_, Result<Vec<Recorded>, Unavailable>> {
            Box::pin(ready(Ok(Vec::new())))
        }
        fn parked(&self, _: WhichParked) -> BoxFuture<'_, Result<Vec<ParkedMessage>, Unavailable>> {
            Box::pin(ready(Ok(Vec::new())))
        }
        fn parked_line(&self, _: u64, _: u64) -> BoxFuture<'_, Result<Option<ParkedLine>, Unavailable>> {
            Box::pin(ready(Ok(None)))
        }
        fn steer(&self, _: Steer) -> BoxFuture<'_, Result<Option<Steered>, Unavailable>> {
            Box::pin(ready(Ok(None)))
        }
    }

    #[tokio::test]
    async fn what_is_decided_with_its_stock_is_not_waited_for() {
        for (stage, state) in [(Stage::Decided, OrderState::Confirmed), (Stage::Held, OrderState::Held)] {
            let shop = Told::with(order(state));
            assert_eq!(shop.placed(stage, WITHIN).await, Ok(Ok(order(state))));
            assert_eq!(*shop.waited.lock().unwrap(), None);
        }
        let shop = Told::with(order(OrderState::Held));
        assert_eq!(shop.placed(Stage::Decided, Duration::ZERO).await, Ok(Ok(order(OrderState::Held))));
        assert_eq!(*shop.waited.lock().unwrap(), None, "nobody wants to wait");
    }

    #[tokio::test]
    async fn what_stock_or_the_bank_has_not_answered_is_waited_for() {
        let (placed, held) = (order(OrderState::Placed), order(OrderState::Held));
        let shop = Told { decided: Some(held.clone()), ..Told::with(placed) };
        assert_eq!(shop.placed(Stage::Held, WITHIN).await, Ok(Ok(held.clone())));
        assert_eq!(*shop.waited.lock().unwrap(), Some(Stage::Held));
        let shop = Told { now: Some(held.clone()), ..Told::with(order(OrderState::Placed)) };
        assert_eq!(shop.placed(Stage::Decided, WITHIN).await, Ok(Ok(held)), "as far as it came in that time");
    }

    #[tokio::test]
    async fn a_refusal_is_that_of_the_command_or_of_what_became_of_the_order() {
        let refusal = Rejection::new(Code::InvalidValue, "the quantity is at least 1");
        let answer = Answer::Refused(refusal.clone());
        let shop = Told { answer, found: None, ..Told::with(order(OrderState::Placed)) };
        assert_eq!(shop.placed(Stage::Decided, WITHIN).await, Ok(Err(refusal.clone())));
        let shop = Told::with(Placed::Refused(refusal.clone()));
        assert_eq!(shop.placed(Stage::Decided, WITHIN).await, Ok(Ok(Placed::Refused(refusal))));
    }
}
