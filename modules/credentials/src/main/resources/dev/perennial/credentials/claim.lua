-- ARGV[2] at most, [3] re-emit ms
-- Moves each due entry forward by the re-emit interval and says which it took.
if redis.call('HGET', KEYS[1], 'quarantine') then return {} end
local most, again = tonumber(ARGV[2]), now + tonumber(ARGV[3])
local taken = {}

local function take(due, name, score)
  redis.call('ZREM', due, name)
  local conn = base .. 'c:' .. name
  local version, due_at = unpack(redis.call('HMGET', conn, 'version', 'due_at'))
  local at = tonumber(score) -- how a number is written is up to Redis
  if not version or tonumber(due_at) ~= at then return end -- left behind by a process that did not know of this bucket
  redis.call('HSET', conn, 'due_at', int(again))
  put_due(again, name)
  taken[#taken + 1] = {name, version, int(at)}
end

for _, b in ipairs(redis.call('ZRANGEBYSCORE', base .. 'buckets', '-inf', math.floor(now / UNIT))) do
  local due = base .. 'due:' .. b
  local entries = redis.call('ZRANGEBYSCORE', due, '-inf', int(now), 'WITHSCORES', 'LIMIT', 0,
    most - #taken)
  for i = 1, #entries, 2 do take(due, entries[i], entries[i + 1]) end
  if redis.call('EXISTS', due) == 0 then
    redis.call('ZREM', base .. 'buckets', b)
    sizes[b] = nil
  end
  if #taken >= most then break end
end
return taken
