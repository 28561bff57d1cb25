//! Looks whether what a client sends back of an offering, and cannot change, is as it is or may have been when it was read.

use contracts::commands::{AsRead, StockRead};
use contracts::{Code, Rejection};

use crate::offering::Offering;

/// Refuses what an offering is not, and was not.
pub(crate) fn of_offering(now: &Offering, read: &AsRead) -> Result<(), Rejection> {
    if read.seated.is_some_and(|seated| seated != now.seated) {
        return Err(read_only("seated", now.seated));
    }
    if read.withdrawn.is_some_and(|withdrawn| withdrawn != now.withdrawn) {
        return Err(read_only("withdrawn", now.withdrawn));
    }
    if read.version.is_some_and(|version| !(1..=now.version).contains(&version)) {
        return Err(read_only("version", now.version));
    }
    let was_read_before = read.version.is_some_and(|version| version < now.version);
    read.stock.as_ref().map_or(Ok(()), |stock| of_stock(now, stock, was_read_before))
}

/// Of one that was read before, some may have been sold or come back since.
fn of_stock(now: &Offering, read: &StockRead, was_read_before: bool) -> Result<(), Rejection> {
    let is_whole = u128::from(read.left) + u128::from(read.held) + u128::from(read.sold) == u128::from(read.capacity);
    if was_read_before && is_whole && read.capacity == now.capacity {
        return Ok(());
    }
    let fields = [
        ("stock.capacity", read.capacity, now.capacity),
        ("stock.left", read.left, now.left()),
        ("stock.held", read.held, now.held),
        ("stock.sold", read.sold, now.sold),
    ];
    match fields.into_iter().find(|(_, read, now)| read != now) {
        Some((field, _, now)) => Err(read_only(field, now)),
        None => Ok(()),
    }
}

fn read_only(field: &str, now: impl std::fmt::Display) -> Rejection {
    Rejection::of_field(Code::ReadOnly, field, format!("it is {now}, and cannot be changed so"))
}
