-- Set before what may only be done to a shard whose owner has brought it up to the topics. The fence
-- names the Redis that was healed; another one, or one that was emptied, has to be healed first.
if of_shard('fence') ~= run then return {'not_ready'} end
local owner = false
local function healing_name() return run .. '@' .. of_shard('fence_at') end
