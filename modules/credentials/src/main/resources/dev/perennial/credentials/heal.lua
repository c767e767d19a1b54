-- Brings a stretch of the topic into Redis. What a record says wins where it orders above what is
-- stored, by (grant, token_gen, version); what orders below may be the last one of its key on the
-- topic, and compaction would keep it: the owner looks into those.
-- KEYS[1], KEYS[2] the shard's hash. ARGV[3] run id, [4] offset from, [5] offset behind the stretch;
-- then for each record: offset, connection, grant, token_gen, version, status, change, reason, reason
-- detail, sealed, issued_at, expires_at, next_refresh_at, token_type, scope, changed_at, grant_ends_at,
-- grant_end_moves, warned.
if run ~= ARGV[3] or redis.call('HGET', shard, 'topic_offset') ~= ARGV[4] then return {'moved'} end

local last_grant = tonumber(redis.call('HGET', shard, 'last_grant') or 0)
local PLAIN = {'grant', 'token_gen', 'version', 'status', 'change', 'reason', 'reason_detail', 'sealed',
  'issued_at', 'expires_at', 'next_refresh_at', 'token_type', 'scope', 'changed_at',
  'grant_ends_at', 'grant_end_moves', 'warned'}

-- One write where the connection is new here, as most are after a loss. Versions that were given out
-- before are remembered: they are never given out twice, whichever tokens won.
local function copy(i, known)
  if known and (num('grant') ~= tonumber(ARGV[i + 2]) or num('token_gen') ~= tonumber(ARGV[i + 3])) then
    clear_attempt()
    drop('unreadable')
  end
  local top = math.max(num('version_top'), num('version'), tonumber(ARGV[i + 4]))
  local fields = {'published', ARGV[i + 4], 'version_top', int(top)}
  local absent = {'failures', 'next_attempt_at', 'before_warning'}
  for n, field in ipairs(PLAIN) do
    local value = ARGV[i + 1 + n]
    if value == '' then
      absent[#absent + 1] = field
    else
      fields[#fields + 1] = field
      fields[#fields + 1] = value
    end
  end
  if known then drop(unpack(absent)) end
  set(unpack(fields))
  -- The body is lost, not the fact.
  if ARGV[i + 7] == 'unreadable_answer' and not get('unreadable') then set('unreadable', '') end
  if ARGV[i + 12] ~= '' then schedule(tonumber(ARGV[i + 12])) elseif known then unschedule() end
  if known then redis.call('ZREM', base .. 'unpublished', name) end
  if known then redis.call('ZREM', base .. 'ends', name) end
  if ARGV[i + 16] ~= '' then watch_end() end
  if tonumber(ARGV[i + 2]) > last_grant then last_grant = tonumber(ARGV[i + 2]) end
end

local function order(i)
  for n = 1, 3 do -- grant, token_gen, version
    local difference = tonumber(ARGV[i + 1 + n]) - num(PLAIN[n])
    if difference ~= 0 then return difference end
  end
  return 0
end

-- Connections whose last record of the stretch is below what is stored, by its offset.
local applied, below = 0, {}
for i = 6, #ARGV, 19 do
  go_to(ARGV[i + 1])
  read({'status', 'grant', 'token_gen', 'version', 'version_top', 'published'})
  local known = get('status')
  local difference = known and order(i) or 1
  local version = tonumber(ARGV[i + 4])
  below[name] = nil
  if difference > 0 then
    copy(i, known)
    applied = applied + 1
  elseif difference == 0 then
    mark_published(version)
  else
    if version > math.max(num('version_top'), num('version')) then set('version_top', version) end
    if num('published') >= num('version') then below[name] = tonumber(ARGV[i]) end
  end
end

flush()

local regressed, next = {}, tonumber(ARGV[5])
for key, offset in pairs(below) do
  regressed[#regressed + 1] = {key, int(offset)}
  next = math.min(next, offset) -- or the next owner would miss it
end
redis.call('HSET', shard, 'topic_offset', int(next), 'last_grant', int(last_grant))
return {'healed', applied, regressed, int(next)}
