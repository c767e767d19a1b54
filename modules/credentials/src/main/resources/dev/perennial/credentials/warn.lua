-- Looks at grants whose time to be looked at has come, and warns of those that end within a lead time:
-- a new version that says so, and changes neither status nor tokens nor what is due.
-- KEYS[1], KEYS[2] the shard's hash. ARGV[3] at most, [4] and on: the lead times in seconds, rising.
--
-- At most one warning for each lead time and end: which one was the last stands in the hash, in the step
-- that gives the warning out, so a second owner finds it there; and it stands in every record from then
-- on, so it comes back with the topic where Redis is lost. A warning that a lost Redis gave out and that
-- is still on its way to the topic is waited for: none is given out before the topic is applied past
-- the delivery timeout after the healing.
if not journal_read(tonumber(of_shard('warn_from') or 0)) then return {'waits'} end

local function look_again(at) redis.call('ZADD', base .. 'ends', int(at), name) end

-- The smallest lead time that is reached, in seconds, if it has not been warned of and lay ahead when the
-- end came to be known: an end that moves with the tokens, one that stands fast with the consent. And
-- when the next one is reached; where there is none, the end itself.
local function lead_reached(ends)
  local known_since = num('issued_at')
  if get('grant_end_moves') ~= '1' then known_since = math.min(known_since, num('grant') / 1000) end
  local warned, again = tonumber(get('warned') or math.huge), ends
  for i = 4, #ARGV do
    local lead = tonumber(ARGV[i])
    local at = ends - lead * 1000
    if lead >= warned then return nil, again end
    if at <= now then return at > known_since and lead or nil, again end
    again = at
  end
  return nil, again
end

local function warn(lead)
  local before = get('before_warning') or get('version')
  set('warned', int(lead))
  next_version('expiring')
  set('before_warning', before)
  return {name, snapshot()}
end

local warned = {}
local names = redis.call('ZRANGEBYSCORE', base .. 'ends', '-inf', int(now), 'LIMIT', 0, tonumber(ARGV[3]))
for _, each in ipairs(names) do
  go_to(each)
  local ends = num('grant_ends_at')
  if ends <= now or not may_end() then
    redis.call('ZREM', base .. 'ends', name)
  elseif num('published') < num('version') then
    look_again(now + 5000) -- what is to be said first is with its writer, or in the outbox
  else
    local lead, again = lead_reached(ends)
    look_again(again)
    if lead then warned[#warned + 1] = warn(lead) end
  end
end
flush()
return {'looked', #names, warned}
