-- Set before every script of a connection; heal goes through many and sets conn and name itself.
-- KEYS[1] the connection's hash, KEYS[2] the shard's own hash (fence, grants); both in one slot.
-- ARGV[1] what the shard's keys start with, ARGV[2] the connection key. Arguments of a script follow.
-- Times are Unix milliseconds on Redis's clock. An absent value is the empty string in ARGV.
local conn, shard, base, name = KEYS[1], KEYS[2], ARGV[1], ARGV[2]

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- Lua numbers are doubles and would print 1.7e+15.
local function int(n) return string.format('%.0f', n) end
local function get(field) return redis.call('HGET', conn, field) end
local function num(field) return tonumber(get(field) or 0) end
local function set(...) redis.call('HSET', conn, ...) end
local function drop(...) redis.call('HDEL', conn, ...) end
local function set_or_drop(field, value)
  if value == '' then drop(field) else set(field, value) end
end

-- The due index: small sorted sets by time, so that Redis keeps them as listpacks. The width is part
-- of the stored format: the bucket of an entry is found again from due_at.
local BUCKET_MS = 5000
local function bucket(at) return int(math.floor(at / BUCKET_MS)) end
local function unschedule()
  local old = get('due_at')
  if not old then return end
  local b = bucket(tonumber(old))
  redis.call('ZREM', base .. 'due:' .. b, name)
  if redis.call('EXISTS', base .. 'due:' .. b) == 0 then redis.call('ZREM', base .. 'buckets', b) end
  drop('due_at')
end
local function schedule(at)
  unschedule()
  set('due_at', int(at))
  redis.call('ZADD', base .. 'due:' .. bucket(at), int(at), name)
  redis.call('ZADD', base .. 'buckets', bucket(at), bucket(at))
end

-- What is published: one content per (grant, version). Only next_version and the tokens change it.
local function snapshot()
  return redis.call('HMGET', conn, 'grant', 'token_gen', 'version', 'status', 'change', 'reason',
    'reason_detail', 'sealed', 'issued_at', 'expires_at', 'next_refresh_at', 'token_type', 'scope',
    'changed_at', 'grant_ends_at', 'grant_end_moves', 'warned')
end

-- Grants that may have to be warned of, each by when to look at it: those whose end no refresh moves,
-- and those whose refreshes fail. An end that moves costs a refresh no more than to see this.
local function may_end()
  local status = get('status')
  return num('grant_ends_at') > 0
    and (status == 'refresh_failing' or status == 'active' and get('grant_end_moves') ~= '1')
end
local function watch_end()
  if may_end() then
    redis.call('ZADD', base .. 'ends', 'NX', int(now), name)
  else
    redis.call('ZREM', base .. 'ends', name)
  end
end

-- A new version, noted as unpublished until somebody says it is on the topic. The first one after a
-- healing goes above whatever a lost Redis gave out and nobody has seen here: an epoch is the second
-- in which its healing began, and no connection has a new version every second for long. The gap is
-- for a clock that went back.
local GAP = 16
local function epoch() return redis.call('HGET', shard, 'epoch') or '0' end
local function next_version(change)
  local version = math.max(num('version'), num('version_top')) + 1
  if get('version_epoch') ~= epoch() then
    version = math.max(version + GAP, tonumber(epoch()))
  end
  set('version', int(version), 'version_epoch', epoch(), 'change', change, 'changed_at', int(now))
  set_or_drop('next_refresh_at', get('due_at') or '')
  drop('before_warning')
  redis.call('ZADD', base .. 'unpublished', int(now), name)
  watch_end()
end

-- Whether an event that names this version is about what is stored. A warning changes nothing that a
-- refresh depends on: the version before it is as good as its own, or it would put the refresh off.
local function names_current(version)
  return version <= num('version') and version >= tonumber(get('before_warning') or num('version'))
end

-- A version is known to be on the topic.
local function mark_published(version)
  if version > num('published') then set('published', int(version)) end
  if version == num('version') then redis.call('ZREM', base .. 'unpublished', name) end
end

local function clear_attempt()
  drop('attempt', 'attempt_state', 'stage', 'staged', 'staged_by', 'lease_until', 'sent_at')
end

-- ARGV from i: sealed, issued_at, expires_at, token_type, scope
local function store_tokens(i)
  set_or_drop('sealed', ARGV[i])
  set_or_drop('issued_at', ARGV[i + 1])
  set_or_drop('expires_at', ARGV[i + 2])
  set_or_drop('token_type', ARGV[i + 3])
  set_or_drop('scope', ARGV[i + 4])
end

-- ARGV from i: when the grant ends, '1' where refreshes move that. An end that stands fast and is stated
-- anew within a minute is the same; another one that is later has not been warned of.
local SAME_END_MS = 60000
local function store_end(i)
  local before, ends = num('grant_ends_at'), tonumber(ARGV[i]) or 0
  set_or_drop('grant_ends_at', ARGV[i])
  set_or_drop('grant_end_moves', ends > 0 and ARGV[i + 1] or '')
  local same = ARGV[i + 1] == '1' and 0 or SAME_END_MS
  if ends == 0 or ends - before > same then drop('warned') end
  if math.abs(ends - before) > SAME_END_MS then redis.call('ZREM', base .. 'ends', name) end
end

-- All is well: active, nothing failed, nothing in flight.
local function settle()
  set('status', 'active')
  drop('reason', 'reason_detail', 'failures', 'next_attempt_at', 'unreadable')
  clear_attempt()
end
