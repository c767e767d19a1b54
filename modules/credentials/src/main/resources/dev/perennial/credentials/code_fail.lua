-- ARGV[3] authorization, [4] reason, [5] reason detail, [6] keep ms
local record = code_record(ARGV[3])
local state = redis.call('HGET', record, 'state')
if state == 'connected' or state == 'failed' then return {'ok'} end
redis.call('HSET', record, 'state', 'failed', 'reason', ARGV[4], 'reason_detail', ARGV[5])
redis.call('HDEL', record, 'stage', 'staged')
redis.call('PEXPIRE', record, ARGV[6])
redis.call('ZREM', base .. 'codes', name .. ' ' .. ARGV[3])
return {'ok'}
