-- KEYS[1] how far a session has come. ARGV[1] the consent heard of, [2] until when it may come back in ms
-- or '', [3] '1': it has used the session up, [4] keep ms
local record = KEYS[1]
if redis.call('EXISTS', record) == 0 then return {'ok'} end
if ARGV[3] ~= '1' and redis.call('HGET', record, 'used') then return {'ok'} end
redis.call('HSET', record, 'authorization', ARGV[1])
if ARGV[2] ~= '' then redis.call('HSET', record, 'answer_by', ARGV[2]) end
if ARGV[3] == '1' then redis.call('HSET', record, 'used', 1) end
if redis.call('PTTL', record) < tonumber(ARGV[4]) then redis.call('PEXPIRE', record, ARGV[4]) end
return {'ok'}
