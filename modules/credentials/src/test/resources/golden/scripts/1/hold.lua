-- KEYS[1] the state's record. ARGV[1] holder, [2] hold ms
local record, holder = KEYS[1], ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local connection = redis.call('HGET', record, 'connection')
if not connection then return {'unknown'} end
if redis.call('HGET', record, 'spent') then
  return {'spent', connection, redis.call('HGET', record, 'id')}
end
if tonumber(redis.call('HGET', record, 'valid_until')) <= now then return {'expired', connection} end
local held = redis.call('HGET', record, 'holder')
if held and held ~= holder and tonumber(redis.call('HGET', record, 'hold_until')) > now then
  return {'busy'}
end
redis.call('HSET', record, 'holder', holder, 'hold_until',
  string.format('%.0f', now + tonumber(ARGV[2])))
return {'held', connection, redis.call('HGET', record, 'sealed')}
