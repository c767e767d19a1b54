-- The due index: sorted sets of connections by due time, so small that Redis keeps them as listpacks. Wide ones
-- are shared by many and cheap for few connections; where one is full, an entry goes to a narrower one, so that it
-- is neither 46,000 sets for 100,000 connections nor sets of thousands for ten million. Widths and names are
-- part of the stored format. A bucket is named by its start in units of five seconds, its width, and which half.
local ROOM, WIDTHS, UNIT = 120, {160000, 20000, 2500}, 5000
local function bucket(at, i)
  local start = at - at % WIDTHS[i]
  local units = math.floor(start / UNIT)
  return string.format('%.0f.%d%d', units, i, start % UNIT / WIDTHS[#WIDTHS]), units
end
local function put_due(at, name)
  local b, units
  for i = 1, #WIDTHS do
    b, units = bucket(at, i)
    if i == #WIDTHS or redis.call('ZCARD', base .. 'due:' .. b) < ROOM then break end
  end
  redis.call('ZADD', base .. 'due:' .. b, int(at), name)
  redis.call('ZADD', base .. 'buckets', units, b)
end
local function remove_due(at, name) -- claim clears empty buckets away
  for i = 1, #WIDTHS do
    if redis.call('ZREM', base .. 'due:' .. bucket(at, i), name) == 1 then return end
  end
  redis.call('ZREM', base .. 'due:' .. int(math.floor(at / UNIT)), name) -- as all were before there were widths
end
