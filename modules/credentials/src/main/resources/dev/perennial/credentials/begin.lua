-- ARGV[3] version of the event, [4] attempt, [5] lease ms, [6] re-emit ms,
-- [7] reuse: 'never', 'always', or for how many ms after the first sending a repetition may begin,
-- [8] delivery ms
local version, attempt = tonumber(ARGV[3]), ARGV[4]
local lease, reemit, reuse = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]

read({'status', 'version', 'before_warning', 'published', 'unreadable', 'next_attempt_at', 'due_at', 'attempt',
  'grant', 'token_gen', 'staged', 'sealed', 'failures'})
local status = get('status')
if not status then return {'missing'} end
if status == 'deleted' then return {'deleted'} end

local current = num('version')
if not names_current(version) then
  if num('published') < current then return {'unpublished', snapshot()} end
  if version <= math.max(current, num('version_top')) then return {'stale'} end
  -- Somebody has seen a version that this Redis has lost: heal from the start.
  drop_of_shard('fence', 'healing', 'topic_offset')
  return {'behind'}
end
if status == 'reauthorization_required' or get('unreadable') then return {'stale'} end

-- The owner lifts the quarantine; where it is late, look again soon.
local quarantine = tonumber(of_shard('quarantine') or 0)
if quarantine > 0 then quarantine = math.max(quarantine, now + 1000) end
local blocked = math.max(quarantine, num('next_attempt_at'))
if blocked > now then
  schedule(blocked)
  return {'not_yet', int(blocked)}
end

local windowed = reuse ~= 'never' and reuse ~= 'always'

local function begun(state)
  -- Inside a window there is no time to lose after the lease. Where a claim has moved the entry behind the
  -- lease already, it is there that it would be moved to.
  local lease_over, due = num('lease_until'), num('due_at')
  local latest = windowed and lease_over or now + reemit
  if due < lease_over or due > latest then schedule(latest) end
  return {'begun', get('attempt'), int(num('stage')), int(num('grant')), int(num('token_gen')),
    get('staged') or get('sealed'), int(num('failures')), int(now), state == 'probe' and 1 or 0}
end

local function write_attempt(state)
  -- The window counts from the first sending: a chain of probes does not move it.
  local sent_at = windowed and state == 'probe' and num('sent_at') or now
  set('attempt', attempt, 'attempt_state', state, 'stage', 0,
    'lease_until', int(now + lease), 'sent_at', int(sent_at))
  return begun(state)
end

local open = get('attempt')
if not open then return write_attempt('open') end

-- When an attempt that vanished may be followed by another one. A successor of its refresh token may
-- still be held by a paused worker: wait until the access token's end leaves no choice.
local function may_repeat(lease_until)
  return lease_until == 0 or reuse == 'always'
    or windowed and now < num('sent_at') + tonumber(reuse)
end
local function probe_at(lease_until)
  local expires = num('expires_at')
  if expires == 0 then return lease_until + 3600000 end
  local life = expires - num('issued_at')
  return math.max(lease_until + lease, expires - math.min(30000, life * 0.05))
end

local state, lease_until = get('attempt_state'), num('lease_until')
if lease_until > now then
  if open == attempt then return begun(state) end
  schedule(lease_until + reemit)
  return {'busy', int(lease_until)}
end
if num('stage') > 0 then -- between follow-up requests: the refresh token is spent and answered
  set('lease_until', int(now + lease))
  return begun(state)
end
if may_repeat(lease_until) then return write_attempt('probe') end
local probe = probe_at(lease_until)
-- Before a probe the journal must have been read past the moment at which the one who vanished may
-- last have written there.
if not journal_read(lease_until + tonumber(ARGV[8])) then probe = math.max(probe, now + 1000) end
if probe > now then
  set('attempt_state', 'unknown')
  schedule(probe)
  return {'unknown', int(probe)}
end
return write_attempt('probe')
