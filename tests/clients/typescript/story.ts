// Sells and buys through a client with the types of the shop's own document: node story.js URL TOKEN.
import assert from "node:assert/strict";
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./v1.js";

type Problem = components["schemas"]["Problem"];
type Money = components["schemas"]["Money"];
type Answer<T> = { data?: T; error?: Problem | undefined; response: Response };

/** What was answered, if it has this status. */
function got<T>(answer: Answer<T>, status: number): T {
  assert.equal(answer.response.status, status, JSON.stringify(answer.error));
  assert.ok(answer.data !== undefined);
  return answer.data;
}

/** Why it was refused, if it was refused so. */
function refused<T>(answer: Answer<T>, status: number, code: string): Problem {
  assert.equal(answer.response.status, status, JSON.stringify(answer.data));
  assert.ok(answer.error);
  assert.deepEqual([answer.error.status, answer.error.code], [status, code]);
  return answer.error;
}

function won(amount: number): Money {
  return { amount, currency: "KRW" };
}

async function byCount(client: Client<paths>): Promise<void> {
  const show = { storefront: "show" };
  const offering = got(
    await client.POST("/api/v1/storefronts/{storefront}/offerings", {
      params: { path: show, header: { "Idempotency-Key": "offering-2" } },
      body: { name: "지킬앤하이드", price: won(1_000), stock: 2 },
    }),
    201,
  );
  assert.equal(offering.stock.left, 2);

  const order = (quantity: number, key?: string) =>
    client.POST("/api/v1/storefronts/{storefront}/orders", {
      params: { path: show, header: key === undefined ? {} : { "Idempotency-Key": key } },
      body: { offering: offering.id, quantity, customer: "typescript", price: won(1_000) },
    });
  const first = got(await order(2, "order-2"), 201);
  assert.equal(got(await order(2, "order-2"), 201).id, first.id, "it was ordered twice");
  assert.deepEqual([first.state, first.total], ["confirmed", won(2_000)]);
  const at = { params: { path: { ...show, order: first.id } } };
  assert.deepEqual(got(await client.GET("/api/v1/storefronts/{storefront}/orders/{order}", at), 200), first);
  const said = got(await client.GET("/api/v1/storefronts/{storefront}/orders/{order}/timeline", at), 200);
  assert.equal(said.items[0]?.message, "PlaceOrder");

  assert.match(refused(await order(1), 409, "sold-out").order ?? "", /\/orders\//);
  refused(await order(1, "order-2"), 422, "key-reused");

  const cancelled = got(await client.POST("/api/v1/storefronts/{storefront}/orders/{order}/cancel", at), 200);
  assert.equal(cancelled.state, "cancelled");

  const path = { ...show, offering: offering.id };
  const known = await client.GET("/api/v1/storefronts/{storefront}/offerings/{offering}", { params: { path } });
  assert.equal(got(known, 200).stock.left, 2);
  const tag = known.response.headers.get("ETag") ?? "";
  const change = () =>
    client.PATCH("/api/v1/storefronts/{storefront}/offerings/{offering}", {
      params: { path, header: { "If-Match": tag } },
      body: { price: won(500) },
    });
  assert.deepEqual(got(await change(), 200).price, won(500));
  refused(await change(), 412, "version-changed");
}

async function bySeats(client: Client<paths>): Promise<void> {
  const params = { path: { storefront: "musical" } };
  const seats = [1, 2].map((number) => ({ row: "A", number, price: won(100 * number), grade: "R" }));
  const offering = got(
    await client.POST("/api/v1/storefronts/{storefront}/offerings", { params, body: { name: "레미제라블", seats } }),
    201,
  );
  const body = { offering: offering.id, seats: ["A-2"], customer: "typescript" };
  const order = () => client.POST("/api/v1/storefronts/{storefront}/orders", { params, body });
  const first = got(await order(), 201);
  assert.deepEqual([first.seats, first.total, first.payment?.amount], [["A-2"], won(200), won(200)]);
  refused(await order(), 409, "seat-taken");
}

async function pageByPage(client: Client<paths>): Promise<void> {
  const path = { storefront: "coupon" };
  const expected = [0, 1, 2, 3, 4].map((number) => `coupon ${number}`);
  for (const name of expected) {
    const body = { name, price: won(1), stock: 1 };
    got(await client.POST("/api/v1/storefronts/{storefront}/offerings", { params: { path }, body }), 201);
  }
  const names: (string | null)[] = [];
  let after: string | null = null;
  do {
    const query: { limit: number; after?: string } = after === null ? { limit: 2 } : { limit: 2, after };
    const answer = await client.GET("/api/v1/storefronts/{storefront}/offerings", { params: { path, query } });
    const page: components["schemas"]["Offerings"] = got(answer, 200);
    names.push(...page.items.map((offering) => offering.name));
    after = page.next;
  } while (after !== null);
  assert.deepEqual(names, expected);
  const mine = got(
    await client.GET("/api/v1/customers/{customer}/orders", { params: { path: { customer: "typescript" } } }),
    200,
  );
  assert.deepEqual(new Set(mine.items.map((order) => order.storefront)), new Set(["show", "musical"]));
}

async function strangers(baseUrl: string): Promise<void> {
  const client = createClient<paths>({ baseUrl, headers: { Authorization: "Bearer a token that nobody gave out" } });
  refused(await client.GET("/api/v1/storefronts"), 401, "wrong-token");
}

const [baseUrl = "", token = ""] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${token}` } });
await byCount(client);
await bySeats(client);
await pageByPage(client);
await strangers(baseUrl);
console.log("sold and bought");
