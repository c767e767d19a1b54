-- Set before every script of connections; each_open and each_close make it go through one after the other,
-- heal and warn do that themselves.
-- KEYS[1] the connection's hash, KEYS[2] the shard's own hash (fence, grants). In what a script does to one
-- connection ARGV[2] is the connection key, and arguments of its own follow.
-- An absent value is the empty string in ARGV.
local conn, shard, name = KEYS[1], KEYS[2], ARGV[2]
local ARGV = ARGV

-- The connection's hash, as far as it was read (false: there is no such field), and what of it changed. It is
-- written once, by flush, when everything is decided: a command is dear here, a look into a table is not. So is
-- memory, a table that grows above all: these serve one connection after the other.
local row, changed = {}, {}
local wanted, sets, drops = {}, {}, {}
local function get(field)
  local value = row[field]
  if value == nil then
    value = redis.call('HGET', conn, field)
    row[field] = value
  end
  return value
end
local function read(fields) -- those not known yet, together
  local n = 0
  for i = 1, #fields do
    if row[fields[i]] == nil then
      n = n + 1
      wanted[n] = fields[i]
    end
  end
  if n == 0 then return end
  local values = redis.call('HMGET', conn, unpack(wanted, 1, n))
  for i = 1, n do row[wanted[i]] = values[i] end
end
local function num(field) return tonumber(get(field) or 0) end
local function note(field, value)
  if row[field] ~= value then row[field], changed[field] = value, true end
end
local function set(field, value, ...) -- and further pairs
  note(field, type(value) == 'number' and int(value) or value)
  if ... then return set(...) end
end
local function drop(field, ...)
  note(field, false)
  if ... then return drop(...) end
end
local function set_or_drop(field, value)
  note(field, value ~= '' and value)
end
local function forget(all)
  for field in pairs(all) do all[field] = nil end
end
local function flush()
  local n, m = 0, 0
  for field in pairs(changed) do
    if row[field] then
      sets[n + 1], sets[n + 2] = field, row[field]
      n = n + 2
    else
      m = m + 1
      drops[m] = field
    end
  end
  if n > 0 then redis.call('HSET', conn, unpack(sets, 1, n)) end
  if m > 0 then redis.call('HDEL', conn, unpack(drops, 1, m)) end
  forget(changed)
end
-- From here on it is about another connection.
local function go_to(connection)
  flush()
  forget(row)
  name, conn = connection, base .. 'c:' .. connection
end

-- The shard's own hash, likewise; what is written there is written at once.
local shard_row = {}
local function of_shard(field)
  local value = shard_row[field]
  if value == nil then
    value = redis.call('HGET', shard, field)
    shard_row[field] = value
  end
  return value
end
local function set_of_shard(field, value)
  redis.call('HSET', shard, field, value)
  shard_row[field] = value
end
local function drop_of_shard(...)
  redis.call('HDEL', shard, ...)
  shard_row = {}
end

local function unschedule()
  local old = get('due_at')
  if old then remove_due(tonumber(old), name) end
  drop('due_at')
end
local function schedule(at)
  local old = get('due_at')
  if old then remove_due(tonumber(old), name) end
  put_due(at, name)
  set('due_at', int(at))
end

-- What is published: one content per (grant, version). Only next_version and the tokens change it.
local SNAPSHOT = {'grant', 'token_gen', 'version', 'status', 'change', 'reason',
  'reason_detail', 'sealed', 'issued_at', 'expires_at', 'next_refresh_at', 'token_type', 'scope',
  'changed_at', 'grant_ends_at', 'grant_end_moves', 'warned'}
local function snapshot()
  read(SNAPSHOT)
  local state = {unpack(SNAPSHOT)} -- as long as it will be
  for i = 1, #state do state[i] = row[state[i]] end
  return state
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
  elseif get('grant_ends_at') then
    redis.call('ZREM', base .. 'ends', name)
  end
end
local function drop_end()
  if get('grant_ends_at') then redis.call('ZREM', base .. 'ends', name) end
  drop('grant_ends_at', 'grant_end_moves', 'warned')
end

-- A new version, noted as unpublished until somebody says it is on the topic. The first one after a
-- healing goes above whatever a lost Redis gave out and nobody has seen here: an epoch is the second
-- in which its healing began, and no connection has a new version every second for long. The gap is
-- for a clock that went back.
local GAP = 16
local function epoch() return of_shard('epoch') or '0' end
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

-- The begin record of an authorization code.
local function code_record(authorization) return base .. 'code:' .. authorization end

-- Whether an event that names this version is about what is stored. A warning changes nothing that a
-- refresh depends on: the version before it is as good as its own, or it would put the refresh off.
local function names_current(version)
  return version <= num('version') and version >= tonumber(get('before_warning') or num('version'))
end

-- Whether the journal was read past a time; where not, the owner is asked for it.
local function journal_read(wanted)
  if tonumber(of_shard('journal_until') or 0) >= wanted then return true end
  if wanted > tonumber(of_shard('journal_wanted') or 0) then set_of_shard('journal_wanted', int(wanted)) end
  return false
end

-- A version is known to be on the topic. Its writer says so, and who reads it there.
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
