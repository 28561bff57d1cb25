-- What wrk sends: one ticket each, for fifty thousand customers in turn.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local count = 0
request = function()
  count = count + 1
  return wrk.format(nil, nil, nil, '{"userId":"' .. (count % 50000) .. '","showId":"1","qty":"1","amount":"150000"}')
end
