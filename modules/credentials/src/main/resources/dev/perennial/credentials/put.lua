-- ARGV[3] grant, [4] authorization, [5] sealed, [6] issued_at, [7] expires_at, [8] token_type,
-- [9] scope, [10] due_at, [11] grant_ends_at, [12] grant_end_moves, [13] '' whatever stands there, '0'
-- only where nothing lives, else only over this grant in version [14].
read({'grant', 'status', 'version', 'version_top', 'version_epoch', 'due_at', 'grant_ends_at', 'token_type', 'scope'})
local grant, stored = tonumber(ARGV[3]), num('grant')
local status = get('status')
if grant == stored and status ~= 'deleted' then return {'already', snapshot()} end
if grant <= stored then return {'superseded'} end
if ARGV[13] ~= '' then
  local lives = status and status ~= 'deleted'
  local over = lives and stored == tonumber(ARGV[13]) and num('version') == tonumber(ARGV[14])
  if ARGV[13] == '0' and lives or ARGV[13] ~= '0' and not over then return {'changed'} end
end

-- Nobody can have seen a version of a grant that was given out after the healing: grants are
-- microseconds of Redis. One from before it a lost Redis may have stored, and said, already.
local fence_at = tonumber(of_shard('fence_at') or 0)
if not status and not owner and grant >= fence_at * 1000 then set('version_epoch', epoch()) end
store_tokens(5)
drop_end() -- another consent's
store_end(11)
set('grant', ARGV[3], 'token_gen', 1)
drop('committed_attempt')
settle()
if ARGV[10] ~= '' then schedule(tonumber(ARGV[10])) else unschedule() end
next_version('connected')
local record = code_record(ARGV[4])
if redis.call('EXISTS', record) == 1 then
  redis.call('HSET', record, 'state', 'connected')
  redis.call('HDEL', record, 'stage', 'staged')
end
redis.call('ZREM', base .. 'codes', name .. ' ' .. ARGV[4])
return {'stored', snapshot()}
