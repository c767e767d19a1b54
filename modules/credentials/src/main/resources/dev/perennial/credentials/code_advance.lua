-- ARGV[3] authorization, [4] attempt, [5] lease ms, [6] stage, [7] sealed
-- answers so far. Whoever comes after the lease goes on from here.
local record = code_record(ARGV[3])
local state = redis.call('HGET', record, 'state')
if not state then return {'missing'} end
if state ~= 'begun' or redis.call('HGET', record, 'attempt') ~= ARGV[4] then return {'ignored'} end
local lease_until = int(now + tonumber(ARGV[5]))
redis.call('HSET', record, 'stage', ARGV[6], 'lease_until', lease_until)
if ARGV[7] ~= '' then redis.call('HSET', record, 'staged', ARGV[7]) end
redis.call('ZADD', base .. 'codes', lease_until, name .. ' ' .. ARGV[3])
return {'advanced'}
