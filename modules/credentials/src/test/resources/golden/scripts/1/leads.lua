-- Other lead times than the last owner's: whatever may end is looked at again.
-- KEYS[1] the shard's hash. ARGV[2] the lead times, in any form that says when they are others.
if redis.call('HGET', KEYS[1], 'leads') == ARGV[2] then return {'same'} end
redis.call('HSET', KEYS[1], 'leads', ARGV[2])
redis.call('ZUNIONSTORE', base .. 'ends', 1, base .. 'ends', 'WEIGHTS', 0)
return {'other'}
