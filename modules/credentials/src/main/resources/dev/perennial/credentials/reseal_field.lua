-- Something sealed that is never published, in place of what was read.
-- KEYS[1] a hash. ARGV[1] field, [2] sealed as it was read, [3] sealed anew
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return {'changed'} end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return {'resealed'}
