-- Set before what the shard's owner does from the journal, also while the shard is being healed; not
-- where Redis was replaced since the owner looked.
if redis.call('HGET', shard, 'fence') ~= run and redis.call('HGET', shard, 'healing') ~= run then
  return {'not_ready'}
end
local owner = true
