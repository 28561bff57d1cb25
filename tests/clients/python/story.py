"""Sells and buys through a client that was made from the shop's own document: python story.py URL TOKEN."""

import sys
from http import HTTPStatus
from typing import TypeVar

from v1 import AuthenticatedClient
from v1.api.customers import list_my_orders
from v1.api.offerings import change_offering, create_offering, get_offering, list_offerings
from v1.api.orders import cancel_order, get_order, get_timeline, place_order
from v1.models import (
    Currency, Money, MyOrders, NewOfferingByCount, NewOfferingBySeats, NewOrderByCount, NewOrderBySeats, NewSeat, Offering,
    OfferingChange, Offerings, Order, OrderState, Problem, Timeline,
)
from v1.types import Response, UNSET, Unset

T = TypeVar("T")


def got(answer: Response[T | Problem], kind: type[T], status: int) -> T:
    """What was answered, if it is of this kind and has this status."""
    assert answer.status_code == HTTPStatus(status), answer
    assert isinstance(answer.parsed, kind), answer
    return answer.parsed


def refused(answer: Response[T | Problem], status: int, code: str) -> Problem:
    """Why it was refused, if it was refused so."""
    assert answer.status_code == HTTPStatus(status), answer
    assert isinstance(answer.parsed, Problem), answer
    assert (answer.parsed.status, answer.parsed.code) == (status, code), answer.parsed
    return answer.parsed


def won(amount: int) -> Money:
    return Money(amount=amount, currency=Currency.KRW)


def by_count(client: AuthenticatedClient) -> None:
    new = NewOfferingByCount(name="지킬앤하이드", price=won(1_000), stock=2)
    answer = create_offering.sync_detailed("show", client=client, body=new, idempotency_key="offering-1")
    offering = got(answer, Offering, 201)
    assert (offering.stock.left, offering.price.amount, offering.on_sale_until) == (2, 1_000, None)

    wanted = NewOrderByCount(offering=offering.id, quantity=2, customer="python", price=won(1_000))
    first = got(place_order.sync_detailed("show", client=client, body=wanted, idempotency_key="order-1"), Order, 201)
    again = got(place_order.sync_detailed("show", client=client, body=wanted, idempotency_key="order-1"), Order, 201)
    assert first.id == again.id, "it was ordered twice"
    assert first.state == OrderState.CONFIRMED and first.total == won(2_000), first
    assert first.decided_at is not None and first.decided_at.tzinfo is not None, first
    order = got(get_order.sync_detailed("show", first.id, client=client), Order, 200)
    assert order == first
    timeline = got(get_timeline.sync_detailed("show", first.id, client=client), Timeline, 200)
    assert [said.message for said in timeline.items][0] == "PlaceOrder", timeline

    more = NewOrderByCount(offering=offering.id, quantity=1, customer="python")
    problem = refused(place_order.sync_detailed("show", client=client, body=more), 409, "sold-out")
    assert not isinstance(problem.order, Unset) and "/orders/" in problem.order
    problem = refused(place_order.sync_detailed("show", client=client, body=more, idempotency_key="order-1"), 422, "key-reused")
    assert problem.correlation_id

    cancelled = got(cancel_order.sync_detailed("show", first.id, client=client), Order, 200)
    assert cancelled.state == OrderState.CANCELLED and cancelled.version > first.version

    known = get_offering.sync_detailed("show", offering.id, client=client)
    tag = known.headers["ETag"]
    assert got(known, Offering, 200).stock.left == 2
    assert get_offering.sync_detailed("show", offering.id, client=client, if_none_match=tag).status_code == 304
    change = OfferingChange(price=won(500))
    changed = change_offering.sync_detailed("show", offering.id, client=client, body=change, if_match=tag)
    assert got(changed, Offering, 200).price == won(500)
    late = change_offering.sync_detailed("show", offering.id, client=client, body=change, if_match=tag)
    refused(late, 412, "version-changed")


def by_seats(client: AuthenticatedClient) -> None:
    seats = [NewSeat(row="A", number=number, price=won(100 * number), grade="R") for number in (1, 2)]
    new = NewOfferingBySeats(name="레미제라블", seats=seats)
    offering = got(create_offering.sync_detailed("musical", client=client, body=new), Offering, 201)
    wanted = NewOrderBySeats(offering=offering.id, seats=["A-2"], customer="python")
    order = got(place_order.sync_detailed("musical", client=client, body=wanted), Order, 201)
    assert (order.seats, order.total) == (["A-2"], won(200)), order
    assert order.payment is not None and order.payment.amount == won(200), order
    refused(place_order.sync_detailed("musical", client=client, body=wanted), 409, "seat-taken")


def page_by_page(client: AuthenticatedClient) -> None:
    for number in range(5):
        new = NewOfferingByCount(name=f"book {number}", price=won(number), stock=1)
        got(create_offering.sync_detailed("shop", client=client, body=new), Offering, 201)
    names: list[str | None] = []
    after: str | Unset = UNSET
    while True:
        page = got(list_offerings.sync_detailed("shop", client=client, limit=2, after=after), Offerings, 200)
        names.extend(offering.name for offering in page.items)
        if page.next_ is None:
            break
        after = page.next_
    assert names == [f"book {number}" for number in range(5)], names
    mine = got(list_my_orders.sync_detailed("python", client=client), MyOrders, 200)
    assert {order.storefront for order in mine.items} == {"show", "musical"}, mine


def strangers(url: str) -> None:
    client = AuthenticatedClient(base_url=url, token="a token that nobody gave out")
    refused(list_my_orders.sync_detailed("python", client=client), 401, "wrong-token")


def main(url: str, token: str) -> None:
    client = AuthenticatedClient(base_url=url, token=token, raise_on_unexpected_status=True)
    by_count(client)
    by_seats(client)
    page_by_page(client)
    strangers(url)
    print("sold and bought")


if __name__ == "__main__":
    main(*sys.argv[1:])
