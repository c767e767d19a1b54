-- The owner looks at its shard. Where this Redis is not the one that was healed, healing begins here:
-- the fence falls, and with a new epoch versions leave a gap, since the Redis that was lost may have
-- given out some that are still on their way to the topic. Epochs are seconds since 2026, so that they
-- rise also where the last one is lost.
-- KEYS[1] the shard's hash. ARGV[2] id of the topic, [3] id of the journal, [4] delivery ms
local shard = KEYS[1]
local function field(name) return redis.call('HGET', shard, name) end
local function begin_at_zero(id, log)
  if field(log .. '_id') ~= id then
    redis.call('HSET', shard, log .. '_id', id, log .. '_offset', 0)
  elseif not field(log .. '_offset') then
    redis.call('HSET', shard, log .. '_offset', 0)
  end
end

if field('fence') ~= run and field('healing') ~= run then
  redis.call('HDEL', shard, 'fence', 'quarantine')
  redis.call('HSET', shard, 'healing', run)
  local seconds = math.floor(now / 1000) - 1767225600
  redis.call('HSET', shard, 'epoch', int(math.max(tonumber(field('epoch') or 0) + 1, seconds)))
end
begin_at_zero(ARGV[2], 'topic')
begin_at_zero(ARGV[3], 'journal')
local codes = redis.call('ZCOUNT', base .. 'codes', '-inf', int(now - tonumber(ARGV[4])))
local ends = redis.call('ZCOUNT', base .. 'ends', '-inf', int(now))
return {run, int(now), field('fence') == run and 1 or 0, field('topic_offset'),
  field('journal_offset'), field('quarantine'), field('journal_wanted'),
  field('journal_until'), codes, ends}
