-- Set before every script of a shard. ARGV[1] what the shard's keys start with; all keys are in one slot.
-- Times are Unix milliseconds on Redis's clock.
local base = ARGV[1]

-- A slot of a Redis Cluster that is just being moved is no place to begin: part of the shard is at the
-- other node already, and a step would end half-way. These two keys never exist, and asking for both
-- fails on either side of such a move, before anything is written.
if type(redis.pcall('EXISTS', base .. 'moving', base .. 'moved')) == 'table' then
  return redis.error_reply('TRYAGAIN the slot of this shard is being moved to another node')
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Lua numbers are doubles and would print 1.7e+15; digits behind the point are cut off.
local function int(n) return string.format('%d', n) end

