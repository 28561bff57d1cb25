#!/usr/bin/env bash
# A first figure: confirmed orders a second on one hot offering, beside the null endpoint of the same HTTP server in the same run.
# Needs wrk. The load generator runs on the same machine. Synced appends, a fresh store.
#   bench/hot-offering.sh [rounds] [seconds]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5} seconds=${2:-8} address=127.0.0.1:18088
cargo build --release --quiet --package maejin
data=$(mktemp -d)
began=$(date +%s%N)
./target/release/maejin serve --open --storefront show --data "$data" --listen $address \
  --port 8082=off --port 8083=off --port 8084=off --port 8085=off > "$data/out" 2> "$data/log" &
shop=$!
trap 'kill $shop; wait $shop 2>/dev/null || true; rm -rf "$data"' EXIT
until curl -fs -o "$data/ready" http://$address/readyz; do sleep 0.002; done
echo "ready after $((($(date +%s%N) - began) / 1000000)) ms; idle memory $(awk '/VmRSS/ {print $2 / 1024}' /proc/$shop/status) MB"
curl -fs -o "$data/made" http://$address/tickets -H 'content-type: application/json' \
  -d '{"id":1,"showId":1,"showName":"hot","stock":2000000000,"amount":150000}'
rate() { wrk -t1 -c64 -d"$seconds"s -s bench/order.lua "http://$address$1" | awk '/Requests\/sec/ {print $2}'; }
ticks() { awk '{print $14 + $15}' /proc/$shop/stat; }
sold() { curl -fs "http://$address/tickets/1" | grep -o '"stock":[0-9]*' | grep -o '[0-9]*'; }
echo "round  null/s  orders/s  share  server CPU per order (ms)"
for round in $(seq "$rounds"); do
  null=$(rate /healthz)
  before=$(ticks) left=$(sold)
  orders=$(rate /reservations)
  cpu=$(($(ticks) - before)) made=$((left - $(sold)))
  awk -v r="$round" -v n="$null" -v o="$orders" -v c="$cpu" -v m="$made" \
    'BEGIN {printf "%5d  %.0f  %.0f  %.1f %%  %.4f\n", r, n, o, 100 * o / n, c * 10 / m}'
done
