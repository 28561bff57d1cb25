//! The keys by which a payment is known to the provider. They leave the store, so they say which store asks, and in which life.

use contracts::{OrderId, Text};
use store::Identity;

use crate::payment::Payment;

/// The key of the charge of an order that `identity` asks for: `STORE.INCARNATION.order-ID`.
pub(crate) fn of_new(identity: &Identity, order: OrderId) -> Text {
    format!("{identity}.order-{}", order.0).into()
}

/// The key of a charge that was asked for as `key`; none where that was before stores had an identity.
pub(crate) fn of_charge(key: Option<&Text>, order: OrderId) -> String {
    key.map_or_else(|| format!("order-{}", order.0), String::from)
}

/// The key of the refund of a charge.
pub(crate) fn of_refund(charge_key: &str) -> String {
    format!("refund-{charge_key}")
}

impl Payment {
    /// The key by which the provider knows its charge.
    pub fn key_of_charge(&self) -> String {
        of_charge(self.provider_key.as_ref(), self.owner)
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
    use super::*;

    #[test]
    fn a_key_tells_whose_it_is_and_two_stores_or_lives_never_share_one() {
        let (one, other) = (Identity::new_store(), Identity::new_store());
        let reborn = one.clone().reborn();
        let keys = [&one, &other, &reborn].map(|identity| of_new(identity, OrderId(7)));
        assert!(keys[0] != keys[1] && keys[0] != keys[2] && keys[1] != keys[2], "{keys:?}");
        assert_eq!(order_of_key(&keys[2], &one.store), Some(OrderId(7)));
        assert_eq!(order_of_key(&keys[0], &other.store), None);
        for foreign in ["order-7", "", &one.store, &format!("{one}.order-x"), &format!("{one}.order-+7")] {
            assert_eq!(order_of_key(foreign, &one.store), None, "{foreign}");
        }
        assert!(of_refund(&keys[0]).len() < 200, "providers take keys of 200 characters at the least");
    }
}
