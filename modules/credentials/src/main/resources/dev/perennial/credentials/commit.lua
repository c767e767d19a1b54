-- ARGV[3] attempt, [4] stage, [5] last: '1' or '0', [6] grant, [7] token_gen (the base),
-- [8] sealed, [9] issued_at, [10] expires_at, [11] token_type, [12] scope, [13] due_at
local done = ARGV[3] .. '/' .. ARGV[4]
local grant, token_gen = tonumber(ARGV[6]), tonumber(ARGV[7])

local status = get('status')
-- From the journal of a shard that holds all of the topic, it may be the only copy there is.
if not status and not owner then return {'missing'} end
if get('committed_attempt') == done then return {'already', snapshot()} end

-- The base is the stored one, or above it: then Redis is behind. Who holds the lease is no matter.
local stored = num('grant')
local current = grant > stored
  or (grant == stored and status ~= 'deleted' and token_gen >= num('token_gen'))
if not current then return {status == 'deleted' and 'deleted' or 'superseded'} end

store_tokens(8)
set('grant', ARGV[6], 'token_gen', int(token_gen + 1), 'committed_attempt', done)
if ARGV[5] == '0' and status then
  set('stage', int(tonumber(ARGV[4]) + 1))
  return {'committed'}
end
settle()
if status == 'reauthorization_required' then
  schedule(now) -- a probe may have killed what this commit brings: find out at once
elseif ARGV[13] ~= '' then
  schedule(tonumber(ARGV[13]))
else
  unschedule()
end
next_version('refreshed')
return {'committed', snapshot()}
