-- ARGV[2] how many buckets at most, earliest first
-- How much is due and not claimed, and since when: a claim moves its entry forward.
local count, oldest, width = 0, '', 5000 -- as in the prelude
for _, b in ipairs(redis.call('ZRANGEBYSCORE', base .. 'buckets', '-inf', math.floor(now / width),
  'LIMIT', 0, tonumber(ARGV[2]))) do
  local due = base .. 'due:' .. b
  if oldest == '' then
    local first = redis.call('ZRANGE', due, 0, 0, 'WITHSCORES')[2]
    if first and tonumber(first) <= now then oldest = int(tonumber(first)) end
  end
  if tonumber(b) < math.floor(now / width) then
    count = count + redis.call('ZCARD', due)
  else
    count = count + redis.call('ZCOUNT', due, '-inf', int(now))
  end
end
return {int(count), oldest}
