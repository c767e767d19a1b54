-- ARGV[2] how many buckets at most, earliest first
-- How much is due and not claimed, and since when: a claim moves its entry forward.
local count, oldest = 0, now + 1
for _, b in ipairs(redis.call('ZRANGEBYSCORE', base .. 'buckets', '-inf', math.floor(now / UNIT),
  'LIMIT', 0, tonumber(ARGV[2]))) do
  local due = base .. 'due:' .. b
  count = count + redis.call('ZCOUNT', due, '-inf', int(now))
  if math.floor(tonumber(b)) * UNIT < oldest then -- else none in it is older
    oldest = math.min(oldest, tonumber(redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')[2] or oldest))
  end
end
return {int(count), oldest <= now and int(oldest) or ''}
