-- The same for a string; it ends when it would have ended.
-- KEYS[1] a string. ARGV[1] as it was read, [2] anew
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {'changed'} end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return {'resealed'}
