-- ARGV[3] attempt, [4] grant, [5] token_gen (the base), [6] probe: '1' or '0', [7] kind,
-- [8] retry in ms, [9] reason, [10] reason detail, [11] sealed body of an unreadable answer
local attempt, kind, retry = ARGV[3], ARGV[7], tonumber(ARGV[8])

read({'status', 'grant', 'token_gen', 'attempt', 'attempt_state', 'due_at', 'failures'})
local status = get('status')
if not status or status == 'deleted' then return {'ignored'} end
local same_base = num('grant') == tonumber(ARGV[4]) and num('token_gen') == tonumber(ARGV[5])
-- Redis may be behind the one the attempt began on; what it will learn must not wipe out the body.
if kind == 'unreadable' and (tonumber(ARGV[4]) > num('grant')
    or tonumber(ARGV[4]) == num('grant') and tonumber(ARGV[5]) > num('token_gen')) then
  return {'not_ready'}
end
-- A body that nobody could read may hold the successor of the stored token, whoever asked for it.
if not same_base or (get('attempt') ~= attempt and kind ~= 'unreadable') then
  -- A loser never harms a winner. But a refused probe may have killed the winner's token: look.
  if kind == 'refused' and ARGV[6] == '1' and get('due_at') then schedule(now) end
  return {'ignored'}
end

local probe = get('attempt_state') == 'probe'
local function publish(new_status, change)
  set('status', new_status, 'reason', ARGV[9], 'reason_detail', ARGV[10])
  next_version(change)
  return {'recorded', snapshot()}
end

if kind == 'refused' then
  clear_attempt()
  unschedule()
  return publish('reauthorization_required', 'reauthorization_required')
end
if kind == 'unreadable' then -- no attempt until it is read again or a new consent comes
  set('unreadable', ARGV[11], 'attempt_state', 'unreadable')
  unschedule()
  return publish('refresh_failing', 'refresh_failed')
end

if kind == 'misconfigured' then retry = math.max(retry, 600000) end
local first = status ~= 'refresh_failing'
set('failures', int(num('failures') + 1))
set('next_attempt_at', int(now + retry))
schedule(now + retry)
if probe then -- unknown again; 0: the wait was served, another probe may follow after the backoff
  set('attempt_state', 'unknown', 'lease_until', 0)
else
  clear_attempt()
end
if kind == 'misconfigured' or (first and (kind == 'unavailable' or kind == 'no_answer')) then
  return publish('refresh_failing', 'refresh_failed')
end
return {'recorded'}
