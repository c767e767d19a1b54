-- ARGV[3] grant, [4] authorization, [5] sealed, [6] issued_at, [7] expires_at, [8] token_type,
-- [9] scope, [10] due_at. KEYS[3] the authorization's code record.
local grant, stored = tonumber(ARGV[3]), num('grant')
local status = get('status')
if grant == stored and status ~= 'deleted' then return {'already', snapshot()} end
if grant <= stored then return {'superseded'} end

if not status then set('version_epoch', epoch()) end -- nobody has seen a version of this grant
store_tokens(5)
set('grant', ARGV[3], 'token_gen', 1)
drop('committed_attempt')
settle()
if ARGV[10] ~= '' then schedule(tonumber(ARGV[10])) else unschedule() end
next_version('connected')
if redis.call('EXISTS', KEYS[3]) == 1 then redis.call('HSET', KEYS[3], 'state', 'connected') end
redis.call('ZREM', base .. 'codes', name .. ' ' .. ARGV[4])
return {'stored', snapshot()}
