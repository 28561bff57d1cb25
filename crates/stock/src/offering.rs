//! A thing on sale, and its pool: how much of it there is, is held, and is sold.

use contracts::limits::COUNT_MAX;
use contracts::{Money, OfferingId, OfferingNow, StorefrontNo};
use typed::Text;

typed::row! {
    /// An offering.
    pub struct Offering in 20 "offerings" {
        /// Its id.
        0 id: OfferingId,
        /// The storefront that sells it.
        1 storefront: StorefrontNo,
        /// The seller's own reference to it.
        2 reference: Option<Text>,
        /// What people read.
        3 name: Option<Text>,
        /// The price of one.
        4 price: Money,
        /// How many there are in all.
        5 capacity: u64,
        /// How many are set aside.
        6 held: u64,
        /// How many are sold.
        7 sold: u64,
        /// Whether it is sold by numbered seats.
        8 seated: bool,
        /// What maejin only keeps and gives back, as one JSON object.
        9 fields: Option<Text>,
        /// When, in milliseconds since the Unix epoch.
        10 registered_at: u64,
        /// Off sale; kept for its orders or its seats.
        11 withdrawn: bool,
        /// Counts its changes.
        12 version: u64,
        /// From when on it can be ordered, in milliseconds since the Unix epoch.
        13 on_sale_from: Option<u64>,
        /// Until when it can be ordered, in milliseconds since the Unix epoch.
        14 on_sale_until: Option<u64>,
        /// How many of it one customer can have, held and sold together.
        15 limit_per_customer: Option<u32>,
        /// Whether it says something of itself, which then stands in a row of its own.
        16 described: Option<bool>,
    }
}

impl Offering {
    /// How many can still be had.
    pub fn left(&self) -> u64 {
        self.capacity.checked_sub(self.held + self.sold).expect("what is held and sold was there to be had")
    }

    /// With `quantity` set aside; `None` if less is left.
    pub fn hold(mut self, quantity: u64) -> Option<Self> {
        (self.left() >= quantity).then_some(())?;
        self.held += quantity;
        Some(self.changed())
    }

    /// With `quantity` that was set aside now sold.
    pub fn sell(mut self, quantity: u64) -> Self {
        self.held = self.held.checked_sub(quantity).expect("what is sold was held");
        self.sold += quantity;
        self.changed()
    }

    /// With `quantity` that was sold now only set aside.
    pub fn take_back(mut self, quantity: u64) -> Self {
        self.sold = self.sold.checked_sub(quantity).expect("what is taken back was sold");
        self.held += quantity;
        self.changed()
    }

    /// With `quantity` that was set aside free again.
    pub fn release(mut self, quantity: u64) -> Self {
        self.held = self.held.checked_sub(quantity).expect("what is released was held");
        self.changed()
    }

    /// With so many left, whatever is held and sold; `None` if that is more than can be counted.
    pub fn with_left(mut self, left: u64) -> Option<Self> {
        // What was more before there was a bound may still become less.
        let most = COUNT_MAX.max(self.capacity);
        self.capacity = left.checked_add(self.held + self.sold).filter(|capacity| *capacity <= most)?;
        Some(self.changed())
    }

    /// With so many in all; `None` if that is less than what is held and sold.
    pub fn with_capacity(mut self, capacity: u64) -> Option<Self> {
        (capacity >= self.held + self.sold).then_some(())?;
        self.capacity = capacity;
        Some(self.changed())
    }

    /// Whether it can be ordered at `now`: not before its first moment, and not from its last one on.
    pub fn is_on_sale(&self, now: u64) -> bool {
        !self.withdrawn
            && self.on_sale_from.is_none_or(|from| from <= now)
            && self.on_sale_until.is_none_or(|until| now < until)
    }

    /// What events say of it.
    pub(crate) fn now(&self) -> Box<OfferingNow> {
        Box::new(OfferingNow {
            name: self.name.clone(),
            price: self.price,
            reference: self.reference.clone(),
            seated: self.seated,
            withdrawn: self.withdrawn,
            capacity: self.capacity,
            held: self.held,
            sold: self.sold,
            version: self.version,
            fields: self.fields.clone(),
            on_sale_from: self.on_sale_from,
            on_sale_until: self.on_sale_until,
            limit_per_customer: self.limit_per_customer,
        })
    }

    /// The next version of itself.
    pub fn changed(mut self) -> Self {
        self.version += 1;
        self
    }
}

#[cfg(test)]
mod tests {
    use contracts::limits::COUNT_MAX;
    use contracts::{Money, Numbered, OfferingId, StorefrontNo};

    use super::Offering;

    fn of(capacity: u64) -> Offering {
        Offering {
            id: OfferingId::of(StorefrontNo(1), 1),
            storefront: StorefrontNo(1),
            reference: None,
            name: None,
            price: Money::krw(100),
            capacity,
            held: 0,
            sold: 0,
            seated: false,
            fields: None,
            registered_at: 0,
            withdrawn: false,
            version: 1,
            on_sale_from: None,
            on_sale_until: None,
            limit_per_customer: None,
            described: None,
        }
    }

    #[test]
    fn exactly_the_last_one_can_be_held() {
        let held = of(2).hold(2).unwrap();
        assert_eq!((held.left(), held.held), (0, 2));
        assert!(held.hold(1).is_none());
    }

    #[test]
    fn it_is_on_sale_from_its_first_moment_until_before_its_last() {
        let open = super::Offering { on_sale_from: Some(10), on_sale_until: Some(20), ..of(1) };
        assert_eq!([9, 10, 19, 20].map(|now| open.is_on_sale(now)), [false, true, true, false]);
        assert!(of(1).is_on_sale(0) && !super::Offering { withdrawn: true, ..of(1) }.is_on_sale(0));
    }

    #[test]
    fn selling_and_taking_back_are_each_others_inverse() {
        let held = of(5).hold(3).unwrap();
        let back = held.clone().sell(3).take_back(3);
        assert_eq!((back.held, back.sold, back.left()), (3, 0, 2));
        assert_eq!(back.release(3).left(), 5);
    }

    #[test]
    fn it_cannot_have_less_in_all_than_is_held_and_sold() {
        let sold = of(10).hold(4).unwrap().sell(3);
        let least = sold.clone().with_capacity(4).unwrap();
        assert_eq!((least.capacity, least.left(), least.held, least.sold), (4, 0, 1, 3));
        assert!(sold.with_capacity(3).is_none());
    }

    #[test]
    fn what_is_left_can_be_set_whatever_is_sold() {
        let sold = of(10).hold(4).unwrap().sell(4);
        assert_eq!(sold.clone().with_left(25).unwrap().capacity, 29);
        assert_eq!(sold.clone().with_left(COUNT_MAX - 4).unwrap().capacity, COUNT_MAX);
        assert!(sold.clone().with_left(COUNT_MAX - 3).is_none() && sold.with_left(u64::MAX).is_none());
    }
}
