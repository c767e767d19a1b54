-- Set before every script that reads across a shard.
-- KEYS[1] the shard's own hash. ARGV[1] what the shard's keys start with.
local base = ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function int(n) return string.format('%.0f', n) end
