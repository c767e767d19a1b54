-- ARGV[2] at most, [3] re-emit ms
-- Moves each due entry forward by the re-emit interval and says which it took.
if redis.call('HGET', KEYS[1], 'quarantine') then return {} end
local most, reemit, width = tonumber(ARGV[2]), tonumber(ARGV[3]), 5000 -- as in the prelude
local again = int(now + reemit)
local later = int(math.floor((now + reemit) / width))
local taken = {}

local function take(due, name, at)
  redis.call('ZREM', due, name)
  local conn = base .. 'c:' .. name
  local version = redis.call('HGET', conn, 'version')
  if not version then return end
  redis.call('HSET', conn, 'due_at', again)
  redis.call('ZADD', base .. 'due:' .. later, again, name)
  taken[#taken + 1] = {name, version, at}
end

for _, b in ipairs(redis.call('ZRANGEBYSCORE', base .. 'buckets', '-inf', math.floor(now / width))) do
  local due = base .. 'due:' .. b
  local entries = redis.call('ZRANGEBYSCORE', due, '-inf', int(now), 'WITHSCORES', 'LIMIT', 0,
    most - #taken)
  for i = 1, #entries, 2 do take(due, entries[i], entries[i + 1]) end
  if redis.call('EXISTS', due) == 0 then redis.call('ZREM', base .. 'buckets', b) end
  if #taken >= most then break end
end
if #taken > 0 then redis.call('ZADD', base .. 'buckets', later, later) end
return taken
