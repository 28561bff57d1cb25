//! Lists of offerings and seats, as facades show them.

use ::store::{Find, StoreError, TableReader};
use contracts::queries::{Field, RecordView};
use contracts::states::SeatState;
use contracts::{NUMBER_MAX, Numbered, OfferingId, SeatId, StorefrontNo};
use records::{ByIndex, Listed, Sought, number_of};
use typed::{Any, Term};

use crate::offering::Offering;
use crate::reference::{self, Reference};
use crate::seat::Seat;

impl Listed for Offering {
    type Row = Self;

    fn shown(storefront: StorefrontNo) -> Find<Self> {
        let id = || Self::COLUMNS.id;
        let (first, last) = (OfferingId::of(storefront, 0), OfferingId::of(storefront, NUMBER_MAX));
        Find::all().with(id().at_least(first)).with(id().at_most(last)).with(Self::COLUMNS.withdrawn.is(false))
    }
    fn number() -> Term<Self, Any> {
        Self::COLUMNS.id.as_any()
    }
    fn key_of(storefront: StorefrontNo, number: u64) -> u64 {
        OfferingId::of(storefront, number).raw()
    }
    fn term(field: &Field) -> Option<Term<Self, Any>> {
        let of = Self::COLUMNS;
        Some(match field {
            Field::Name => of.name.as_any(),
            Field::Reference => of.reference.as_any(),
            Field::Price => of.price.as_any(),
            Field::Left => of.capacity.less(of.held).less(of.sold).as_any(),
            Field::Kept(name) => return of.fields.member(name),
            _ => return None,
        })
    }
    fn by_index(
        rows: Find<Self>,
        sought: &Sought<'_>,
        reader: &mut dyn TableReader,
    ) -> Result<ByIndex<Self>, StoreError> {
        if *sought.field != Field::Reference {
            return Ok(ByIndex::None);
        }
        let key = reference::key(sought.storefront, &sought.text());
        let row = Find::all().with(Reference::COLUMNS.reference.is(key)).one(reader)?;
        let ids: Vec<OfferingId> = row.iter().flat_map(reference::ids).map(OfferingId).collect();
        Ok(if ids.is_empty() { ByIndex::Nobody } else { ByIndex::Those(rows.with(Self::COLUMNS.id.one_of(ids))) })
    }
    fn view(row: Self) -> Option<RecordView> {
        (!row.withdrawn).then(|| RecordView::Offering(row.view()))
    }
}

impl Listed for Seat {
    type Row = Self;

    fn shown(storefront: StorefrontNo) -> Find<Self> {
        let id = || Self::COLUMNS.id;
        let (first, last) = (SeatId::of(storefront, 0), SeatId::of(storefront, NUMBER_MAX));
        Find::all().with(id().at_least(first)).with(id().at_most(last))
    }
    fn number() -> Term<Self, Any> {
        Self::COLUMNS.id.as_any()
    }
    fn key_of(storefront: StorefrontNo, number: u64) -> u64 {
        SeatId::of(storefront, number).raw()
    }
    fn term(field: &Field) -> Option<Term<Self, Any>> {
        let of = Self::COLUMNS;
        Some(match field {
            Field::Offering => number_of(of.offering),
            Field::Grade => of.grade.as_any(),
            Field::SeatRow => of.seat_row.as_any(),
            Field::SeatColumn => of.seat_col.as_any(),
            Field::Sold => of.state.one_of([SeatState::Sold, SeatState::Withheld]).whether().as_any(),
            Field::Price => of.price.as_any(),
            _ => return None,
        })
    }
    fn by_index(rows: Find<Self>, sought: &Sought<'_>, _: &mut dyn TableReader) -> Result<ByIndex<Self>, StoreError> {
        if *sought.field != Field::Offering {
            return Ok(ByIndex::None);
        }
        Ok(sought.with_id(|id| rows.with(Self::COLUMNS.offering.is(OfferingId(id)))))
    }
    fn view(row: Self) -> Option<RecordView> {
        Some(RecordView::Seat(Box::new(Self::view(&row))))
    }
}
