-- The shard holds everything that topic and journal say: work may begin, refreshes after the
-- quarantine, since an attempt that the lost Redis knew of may still be under way.
-- KEYS[1] the shard's hash. ARGV[2] run id, [3] topic offset, [4] quarantine ms; 0: none, [5] delivery ms
local shard = KEYS[1]
if run ~= ARGV[2] or redis.call('HGET', shard, 'topic_offset') ~= ARGV[3] then return {'moved'} end
if redis.call('HGET', shard, 'fence') == run then return {'ready'} end
redis.call('HSET', shard, 'fence', run, 'fence_at', int(now),
  'warn_from', int(now + tonumber(ARGV[5])))
redis.call('HDEL', shard, 'healing', 'quarantine', 'journal_wanted', 'journal_until')
if ARGV[4] ~= '0' then redis.call('HSET', shard, 'quarantine', int(now + tonumber(ARGV[4]))) end
return {'ready'}
