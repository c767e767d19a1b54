-- The journal is applied, and what came of it published, before this offset.
-- KEYS[1] the shard's hash. ARGV[2] run id, [3] offset from, [4] offset behind
local shard = KEYS[1]
if run ~= ARGV[2] or redis.call('HGET', shard, 'journal_offset') ~= ARGV[3] then return {'moved'} end
redis.call('HSET', shard, 'journal_offset', ARGV[4])
return {'ok'}
