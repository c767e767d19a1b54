-- KEYS[1] when requests were taken. ARGV[1] how many at most, [2] window in ms, [3] name of the request: where
-- it was taken before, it counts from now and no more from then. No window of this length, wherever it
-- begins, ever has more; a token bucket would let up to twice as many through.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local most, window = tonumber(ARGV[1]), tonumber(ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - window))
local taken = redis.call('ZCARD', KEYS[1])
if redis.call('ZREM', KEYS[1], ARGV[3]) == 0 and taken >= most then
  -- The definition may have been made stricter meanwhile: as many have to leave as are too many.
  local leaves = redis.call('ZRANGE', KEYS[1], taken - most, taken - most, 'WITHSCORES')[2]
  return {'wait', string.format('%.0f', tonumber(leaves) + window - now)}
end
redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[3])
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', window))
return {'taken'}
