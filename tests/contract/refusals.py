"""What is refused although its schema allows it: what no schema can say. Anything else that is refused so is a failure."""

import re

import schemathesis
from schemathesis import Case, CheckContext, Response

# The status, the code, and the field at fault, with why a schema cannot say it.
KNOWN = {
    (422, "key-reused", "Idempotency-Key"): "the key was used with another request before",
    (412, "version-changed", "If-Match"): "it has another version by now",
    (412, "version-changed", "If-None-Match"): "it has this version",
    (422, "read-only", "id"): "it has another id",
    (422, "read-only", "seated"): "it is sold otherwise",
    (422, "read-only", "withdrawn"): "it is on sale: that is ended by another call",
    (422, "read-only", "version"): "it never had this version",
    (422, "read-only", "stock.capacity"): "there are more or fewer of it",
    (422, "read-only", "stock.left"): "more or fewer are left",
    (422, "read-only", "stock.held"): "more or fewer are held",
    (422, "read-only", "stock.sold"): "more or fewer are sold",
    (422, "invalid-value", "name"): "it has a name, and is in need of one",
    (422, "invalid-value", "on_sale_until"): "it is earlier than on_sale_from",
    (422, "invalid-body", "on_sale_from"): "it is before 1970, which no format of a moment says",
    (422, "invalid-value", "ends_at"): "it is earlier than starts_at",
    (422, "invalid-value", "extra."): "the storefront's file declares no such field, or it is a list or an object",
    (422, "invalid-body", "starts_at"): "it is before 1970, which no format of a moment says",
    (422, "invalid-body", "ends_at"): "it is before 1970, which no format of a moment says",
    (422, "invalid-body", "on_sale_until"): "it is before 1970, which no format of a moment says",
    (422, "invalid-value", "price"): "an offering with seats has a price for each of them",
    (422, "invalid-value", "quantity"): "the offering is sold by seats",
    (422, "invalid-value", "seats[]"): "two new seats have the same row and number",
    (422, "invalid-value", "seats"): "the offering is sold by count, or by seats and none is named",
    (422, "invalid-value", "add"): "more than can be counted would be left",
    (400, "invalid-header", "If-Match"): "along links the tool sends 0, which the pattern does not allow",
    (400, "invalid-header", "If-None-Match"): "along links the tool sends 0, which the pattern does not allow",
    (400, "invalid-header", "Last-Event-ID"): "the event has not happened here",
    (400, "invalid-parameter", "after"): "no page of this list has given this cursor, or the event has not happened here",
    (400, "invalid-parameter", "placed_from"): "it is before 1970, which no format of a moment says",
    (400, "invalid-parameter", "placed_until"): "it is before 1970, which no format of a moment says",
    (400, "invalid-parameter", "kinds"): "there is no event of this name",
    (400, "invalid-parameter", "storefront"): "there is no such storefront to listen to",
    (400, "invalid-parameter", "order"): "the storefront of the order is not named",
    (400, "invalid-parameter", "offering"): "the storefront of the offering is not named",
}


def is_unseen(response: Response, error: dict) -> bool:
    """Whether a text has a character that nobody can see: a pattern would have to list those of one version of Unicode."""
    return response.status_code == 422 and error["message"].endswith(" in it cannot be seen")


@schemathesis.check
def what_a_schema_allows_is_refused_only_for_a_known_reason(ctx: CheckContext, response: Response, case: Case) -> None:
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or response.status_code not in (400, 412, 422):
        return
    problem = response.json()
    errors = [error for error in problem["errors"] if not is_unseen(response, error)]
    if problem["errors"] == []:
        errors = [{"field": "", "code": problem["code"]}]
    for error in errors:
        # A field of `extra` has any name.
        field = re.sub(r"(?s)^extra\..*", "extra.", error["field"])
        reason = (response.status_code, error["code"], re.sub(r"[0-9]+", "", field))
        assert reason in KNOWN, f"the schema allows it, and it is refused: {reason}: {problem['detail']}"
