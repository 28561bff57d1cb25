//! Takes an offering or a seat off sale.

use contracts::commands::{Versions, WithdrawOffering, WithdrawSeat};
use contracts::events::{OfferingWithdrawn, SeatChanged};
use contracts::{Answer, Code, Rejection};
use engine::Stop;

use super::change_seat::forget_place;
use super::{Ctx, offering};
use crate::description::Description;
use crate::offering::Offering;
use crate::reference;
use crate::seat::{Seat, SeatState};
use crate::versions;

/// What is to be kept is kept, off sale, for the orders that name it and to be put on sale again. The orders go on, and what comes back of
/// them is not on sale. Where nothing is said of that, what has no seats, and of which nothing is held or sold, is deleted; and what is sold
/// by seats must have none held or sold.
pub(crate) fn handle_offering(command: &WithdrawOffering, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let before = match offering(command.offering, context)? {
        Ok(before) => before,
        Err(rejection) => {
            context.answer(rejection.into());
            return Ok(());
        }
    };
    let version = Rejection::unless_version(before.version, command.expected_version);
    if let Err(rejection) = version.and_then(|()| Versions::allow(command.versions.as_deref(), before.version)) {
        context.answer(rejection.into());
        return Ok(());
    }
    let is_kept = command.keep == Some(true);
    if !is_kept && before.seated && before.held + before.sold > 0 {
        let message = "seats of it are held or sold; cancel those orders first";
        context.answer(Rejection::new(Code::InUse, message).into());
        return Ok(());
    }
    reference::note(before.id, before.storefront, before.reference.as_ref(), None, context)?;
    let mut now = None;
    if !is_kept && before.held + before.sold == 0 && !before.seated {
        versions::ended(before.storefront, before.version, context)?;
        context.delete::<Offering>(&before.id);
        if before.described == Some(true) {
            context.delete::<Description>(&before.id);
        }
    } else {
        let after = Offering { withdrawn: true, ..before.clone() }.changed();
        now = Some(after.now());
        context.put(after);
    }
    context.say(OfferingWithdrawn { offering: before.id, now });
    context.answer(if is_kept { Answer::Offering(before.id) } else { Answer::Done });
    Ok(())
}

pub(crate) fn handle_seat(command: &WithdrawSeat, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(seat) = context.get::<Seat>(&command.seat)? else {
        context.answer(Rejection::new(Code::NotFound, "there is no such seat").into());
        return Ok(());
    };
    if let Err(rejection) = Rejection::unless_version(seat.version, command.expected_version) {
        context.answer(rejection.into());
        return Ok(());
    }
    if seat.is_taken() {
        context.answer(Rejection::new(Code::InUse, "the seat is held or sold").into());
        return Ok(());
    }
    let mut offering_now = None;
    if seat.state == SeatState::Free
        && let Some(offering) = context.get::<Offering>(&seat.offering)?
    {
        let left = offering.left() - 1;
        let offering = offering.with_left(left).expect("less than before can be counted");
        offering_now = Some(offering.now());
        context.put(offering);
    }
    forget_place(&seat, context)?;
    versions::ended(seat.storefront, seat.version, context)?;
    context.delete::<Seat>(&seat.id);
    let now = Some(Box::new(seat.now()));
    context.say(SeatChanged { seat: seat.id, offering: seat.offering, present: false, now, offering_now });
    context.answer(Answer::Done);
    Ok(())
}
