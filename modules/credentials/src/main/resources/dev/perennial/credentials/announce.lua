-- What processes say of themselves (the keys they hold, how an exchanger stands): one field for each, dropped when it has not been heard of
-- for a while. KEYS[1] the hash. ARGV[1] process, [2] what it says, empty = it has ended, [3] keep ms
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function int(n) return string.format('%.0f', n) end
local holders = redis.call('HGETALL', KEYS[1])
-- Since when it says just this.
local since = int(now)
for i = 1, #holders, 2 do
  local seen, from, what = string.match(holders[i + 1], '^(%d+) (%d+) (.*)$')
  if not seen or tonumber(seen) + tonumber(ARGV[3]) < now then
    redis.call('HDEL', KEYS[1], holders[i])
  elseif holders[i] == ARGV[1] and what == ARGV[2] then
    since = from
  end
end
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], int(now) .. ' ' .. since .. ' ' .. ARGV[2])
  redis.call('PEXPIRE', KEYS[1], 2 * tonumber(ARGV[3]))
end
return {int(now)}
