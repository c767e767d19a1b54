-- Brings a stretch of the topic into Redis. What a record says wins where it orders above what is
-- stored, by (grant, token_gen, version); what orders below may be the last one of its key on the
-- topic, and compaction would keep it: the owner looks into those.
-- KEYS[1], KEYS[2] the shard's hash. ARGV[3] run id, [4] offset from, [5] offset behind the stretch;
-- then for each record: offset, connection, grant, token_gen, version, status, change, reason, reason
-- detail, sealed, issued_at, expires_at, next_refresh_at, token_type, scope, changed_at.
if run ~= ARGV[3] or redis.call('HGET', shard, 'topic_offset') ~= ARGV[4] then return {'moved'} end

local function copy(i)
  local grant, token_gen = num('grant'), num('token_gen')
  if grant ~= tonumber(ARGV[i + 2]) or token_gen ~= tonumber(ARGV[i + 3]) then clear_attempt() end
  set('grant', ARGV[i + 2], 'token_gen', ARGV[i + 3], 'version', ARGV[i + 4], 'status', ARGV[i + 5],
    'change', ARGV[i + 6], 'changed_at', ARGV[i + 15], 'published', ARGV[i + 4])
  drop('failures', 'next_attempt_at', 'unreadable')
  set_or_drop('reason', ARGV[i + 7])
  set_or_drop('reason_detail', ARGV[i + 8])
  store_tokens(i + 9)
  if ARGV[i + 7] == 'unreadable_answer' then set('unreadable', '') end -- the body is lost, not the fact
  if ARGV[i + 12] ~= '' then schedule(tonumber(ARGV[i + 12])) else unschedule() end
  set_or_drop('next_refresh_at', ARGV[i + 12])
  redis.call('ZREM', base .. 'unpublished', name)
  if tonumber(ARGV[i + 2]) > tonumber(redis.call('HGET', shard, 'last_grant') or 0) then
    redis.call('HSET', shard, 'last_grant', ARGV[i + 2])
  end
end

local function order(i)
  if not get('status') then return 1 end
  for n, field in ipairs({'grant', 'token_gen', 'version'}) do
    local difference = tonumber(ARGV[i + 1 + n]) - num(field)
    if difference ~= 0 then return difference end
  end
  return 0
end

local applied, regressed, next = 0, {}, tonumber(ARGV[5])
for i = 6, #ARGV, 16 do
  name = ARGV[i + 1]
  conn = base .. 'c:' .. name
  local difference = order(i)
  if difference ~= 0 then -- versions of one connection are never given out twice, whichever won
    set('version_top', int(math.max(num('version_top'), num('version'), tonumber(ARGV[i + 4]))))
  end
  if difference > 0 then
    copy(i)
    applied = applied + 1
  elseif difference == 0 then
    mark_published(tonumber(ARGV[i + 4]))
  elseif num('published') >= num('version') then
    regressed[#regressed + 1] = name
    next = math.min(next, tonumber(ARGV[i])) -- or the next owner would miss it
  end
end
redis.call('HSET', shard, 'topic_offset', int(next))
return {'healed', applied, regressed, int(next)}
