-- Topic and journal are applied up to everything that was on them at a time.
-- KEYS[1] the shard's hash. ARGV[2] run id, [3] that time
local shard = KEYS[1]
if redis.call('HGET', shard, 'fence') ~= ARGV[2] or run ~= ARGV[2] then return {'moved'} end
local at = tonumber(ARGV[3])
if at > tonumber(redis.call('HGET', shard, 'journal_until') or 0) then
  redis.call('HSET', shard, 'journal_until', ARGV[3])
end
local quarantine = redis.call('HGET', shard, 'quarantine')
if quarantine and at >= tonumber(quarantine) then redis.call('HDEL', shard, 'quarantine') end
return {'ok'}
