-- KEYS[1] the state's record. ARGV[1] holder, [2] spend: '1' or '0'
local record = KEYS[1]
if redis.call('EXISTS', record) == 0 then return {'ok'} end
if ARGV[2] == '1' then
  redis.call('HSET', record, 'spent', 1)
  redis.call('HDEL', record, 'sealed', 'holder', 'hold_until')
elseif redis.call('HGET', record, 'holder') == ARGV[1] then
  redis.call('HDEL', record, 'holder', 'hold_until')
end
return {'ok'}
