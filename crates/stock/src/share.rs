//! How many of an offering one customer has, where one can have only so many. An offering without a limit has no such rows: what was held
//! while there was none does not count.

use contracts::{Code, OfferingId, Rejection, Text};
use engine::Stop;

use crate::commands::Ctx;
use crate::hold::Hold;
use crate::offering::Offering;

typed::row! {
    /// What one customer has of one offering; none where that is nothing.
    pub struct Share in 26 "offering_shares" {
        /// The offering and the customer.
        0 share: Text,
        /// How many are held and sold.
        1 taken: u64,
    }
}

fn key(offering: OfferingId, customer: &str) -> Text {
    format!("{}:{customer}", offering.0).into()
}

/// The share of `customer` in `offering` with `quantity` more; nothing where there is no limit, and a refusal where it is passed.
pub(crate) fn with(
    quantity: u32,
    offering: &Offering,
    customer: Option<&Text>,
    context: &mut Ctx<'_>,
) -> Result<Result<Option<Share>, Rejection>, Stop> {
    let (Some(limit), Some(customer)) = (offering.limit_per_customer, customer) else { return Ok(Ok(None)) };
    let key = key(offering.id, customer);
    let has = context.get::<Share>(&key)?.map_or(0, |share| share.taken);
    let taken = has + u64::from(quantity);
    if taken > u64::from(limit) {
        let message = format!("a customer can have {limit}, and this one has {has} and wants {quantity}");
        return Ok(Err(Rejection::new(Code::LimitReached, message)));
    }
    Ok(Ok(Some(Share { share: key, taken })))
}

/// What `hold` took is given back to the share that it counts in.
pub(crate) fn give_back(hold: &Hold, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(customer) = &hold.counted else { return Ok(()) };
    let key = key(hold.offering, customer);
    let Some(share) = context.get::<Share>(&key)? else {
        return Err(Stop::fault("a hold counts in a share that is not there"));
    };
    let taken = share.taken.checked_sub(u64::from(hold.quantity)).expect("what is given back was taken");
    if taken == 0 {
        context.delete::<Share>(&key);
    } else {
        context.put(Share { taken, ..share });
    }
    Ok(())
}
