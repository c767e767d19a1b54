-- ARGV[3] authorization, [4] attempt, [5] lease ms, [6] keep ms,
-- [7] the healing at the callback, [8] grant
local record = code_record(ARGV[3])
local function begun()
  local lease_until = int(now + tonumber(ARGV[5]))
  redis.call('HSET', record, 'state', 'begun', 'attempt', ARGV[4], 'lease_until', lease_until)
  redis.call('ZADD', base .. 'codes', lease_until, name .. ' ' .. ARGV[3])
  return {'begun', int(now), redis.call('HGET', record, 'stage') or '0', redis.call('HGET', record, 'staged')}
end

local state = redis.call('HGET', record, 'state')
if not state then
  -- What came of it may be all that was not lost.
  if get('status') ~= 'deleted' and get('grant') == ARGV[8] then return {'connected'} end
  -- Healed since the callback: the record may have been lost.
  if ARGV[7] ~= healing_name() then return {'lost'} end
  redis.call('PEXPIRE', record, ARGV[6])
  return begun()
end
if state == 'begun' then
  if redis.call('HGET', record, 'attempt') == ARGV[4] then return begun() end
  -- How far it had come is written down, and that far nothing is sent twice: go on from there.
  local lease_until = tonumber(redis.call('HGET', record, 'lease_until') or 0)
  if redis.call('HEXISTS', record, 'stage') == 1 and lease_until <= now then return begun() end
  return {'in_flight'}
end
return {state, redis.call('HGET', record, 'reason'), redis.call('HGET', record, 'reason_detail')}
