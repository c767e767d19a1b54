-- ARGV[3] attempt, [4] stage, [5] last: '1' or '0', [6] grant, [7] token_gen (the base),
-- [8] sealed, [9] issued_at, [10] expires_at, [11] token_type, [12] scope, [13] due_at,
-- [14] grant_ends_at, [15] grant_end_moves, [16] lease ms, [17] re-emit ms,
-- [18] reason why it is incomplete, [19] its detail, [20] retry in ms
local done = ARGV[3] .. '/' .. ARGV[4]
local grant, token_gen = tonumber(ARGV[6]), tonumber(ARGV[7])

read({'status', 'committed_attempt', 'grant', 'token_gen', 'staged_by', 'version', 'version_top',
  'version_epoch', 'due_at', 'failures', 'token_type', 'scope', 'grant_ends_at',
  'grant_end_moves', 'warned', 'reason', 'reason_detail'})
local status = get('status')
-- From the journal of a shard that holds all of the topic, it may be the only copy there is.
if not status and not owner then return {'missing'} end
if get('committed_attempt') == done then return {'already', snapshot()} end

-- The base is the stored one, or above it: then Redis is behind. Who holds the lease is no matter.
local stored = num('grant')
local current = grant > stored
  or (grant == stored and status ~= 'deleted' and token_gen >= num('token_gen'))
if not current then return {status == 'deleted' and 'deleted' or 'superseded'} end
local same_base = grant == stored and token_gen == num('token_gen')
local staged_by = get('staged_by')
-- Another run's answer came first, and follow-ups go on from there.
if same_base and staged_by and staged_by ~= ARGV[3] then return {'superseded'} end

if ARGV[5] == '0' then
  -- Beside what is published, which stays as it is until the last follow-up. A Redis that is behind
  -- has nothing to put it beside: it stays with the worker.
  if not same_base then return {'missing'} end
  set('staged', ARGV[8], 'staged_by', ARGV[3], 'stage', int(tonumber(ARGV[4]) + 1),
    'attempt', ARGV[3], 'attempt_state', 'open', 'lease_until', int(now + tonumber(ARGV[16])),
    'committed_attempt', done)
  schedule(now + tonumber(ARGV[17]))
  return {'committed'}
end

if grant > stored then drop_end() end -- another consent's
store_tokens(8)
store_end(14)
set('grant', ARGV[6], 'token_gen', int(token_gen + 1), 'committed_attempt', done)
local failures = num('failures')
settle()
if ARGV[18] ~= '' then -- the tokens are good, what should have followed them is not there
  local retry_at = now + tonumber(ARGV[20])
  set('status', 'refresh_failing', 'reason', ARGV[18], 'reason_detail', ARGV[19],
    'failures', int(failures + 1), 'next_attempt_at', int(retry_at))
  schedule(retry_at)
  next_version('refresh_failed')
  return {'committed', snapshot()}
end
if status == 'reauthorization_required' then
  schedule(now) -- a probe may have killed what this commit brings: find out at once
elseif ARGV[13] ~= '' then
  schedule(tonumber(ARGV[13]))
else
  unschedule()
end
next_version('refreshed')
return {'committed', snapshot()}
