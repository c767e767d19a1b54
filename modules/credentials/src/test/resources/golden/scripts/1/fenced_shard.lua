-- Set before what reads across a shard: nothing is there before it is healed.
if redis.call('HGET', KEYS[1], 'fence') ~= run then return {} end
