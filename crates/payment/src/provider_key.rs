//! The keys by which a payment is known to the provider. They leave the store, so they say which store asks, and in which life.

use contracts::commands::{RefundPayment, TakePayment};
use contracts::{OrderId, Text};
use store::Incarnation;

use crate::payment::Payment;

/// What is kept of the key of a charge: not the name of the store, which is the same for all of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Kept<'a> {
    order: OrderId,
    /// The incarnation of the store that first asked for the charge.
    asked_in: Option<Incarnation>,
    /// The whole key, where that is kept.
    whole: Option<&'a Text>,
}

impl Kept<'_> {
    /// The key of the charge, in the store called `store`: `STORE.INCARNATION.order-ID`, or `order-ID` where that was asked for before stores had an identity.
    pub(crate) fn of_charge(self, store: &str) -> String {
        let Self { order, asked_in, whole } = self;
        match (whole, asked_in) {
            (Some(whole), _) => whole.into(),
            (None, Some(life)) => format!("{store}.{life}.order-{}", order.0),
            (None, None) => format!("order-{}", order.0),
        }
    }
}

macro_rules! kept {
    ($($of:ty, $order:ident;)+) => {$(
        impl<'a> From<&'a $of> for Kept<'a> {
            fn from(of: &'a $of) -> Self {
                Self { order: of.$order, asked_in: of.asked_in.map(Incarnation), whole: of.provider_key.as_ref() }
            }
        }
    )+};
}

kept! {
    Payment, owner;
    TakePayment, order;
    RefundPayment, order;
}

/// The key of the refund of a charge.
pub(crate) fn of_refund(charge_key: &str) -> String {
    format!("refund-{charge_key}")
}

impl Payment {
    /// The key by which the provider knows its charge, in the store called `store`.
    pub fn key_of_charge(&self, store: &str) -> String {
        Kept::from(self).of_charge(store)
    }
}

/// The order whose charge the store called `store` asked for with `key`, in whichever life; `None` for a key of anybody else.
pub fn order_of_key(key: &str, store: &str) -> Option<OrderId> {
    let (life, order) = key.strip_prefix(store)?.strip_prefix('.')?.split_once(".order-")?;
    let is_one = !life.is_empty() && order.bytes().all(|byte| byte.is_ascii_digit());
    order.parse().ok().filter(|_| is_one).map(OrderId)
}

#[cfg(test)]
mod tests {
    use store::Identity;

    use super::*;

    #[test]
    fn a_key_tells_whose_it_is_and_two_stores_or_lives_never_share_one() {
        let (one, other) = (Identity::new_store(), Identity::new_store());
        let reborn = one.clone().reborn();
        let key = |of: &Identity| {
            let kept = Kept { order: OrderId(7), asked_in: Some(of.incarnation), whole: None };
            kept.of_charge(&of.store)
        };
        let keys = [&one, &other, &reborn].map(key);
        assert!(keys[0] != keys[1] && keys[0] != keys[2] && keys[1] != keys[2], "{keys:?}");
        assert_eq!(order_of_key(&keys[2], &one.store), Some(OrderId(7)));
        assert_eq!(order_of_key(&keys[0], &other.store), None);
        for foreign in ["order-7", "", &one.store, &format!("{one}.order-x"), &format!("{one}.order-+7")] {
            assert_eq!(order_of_key(foreign, &one.store), None, "{foreign}");
        }
        assert_eq!(keys[0], format!("{one}.order-7"));
        assert!(of_refund(&keys[0]).len() < 200, "providers take keys of 200 characters at the least");
    }

    #[test]
    fn a_key_from_before_is_what_it_was() {
        let (order, whole) = (OrderId(7), Text::from("a-store.a-life.order-7"));
        assert_eq!(Kept { order, asked_in: None, whole: Some(&whole) }.of_charge("another"), "a-store.a-life.order-7");
        assert_eq!(Kept { order, asked_in: None, whole: None }.of_charge("a-store"), "order-7");
    }
}
