-- The due index: sorted sets of connections by due time, so small that Redis keeps them as listpacks. Wide ones
-- are shared by many and cheap for few connections; where one is full, an entry goes to a narrower one, so that it
-- is neither 46,000 sets for 100,000 connections nor sets of thousands for ten million. Widths and names are
-- part of the stored format. A bucket is named by its start in units of five seconds, its width, and which half.
local ROOM, WIDTHS, UNIT = 120, {160000, 20000, 2500}, 5000
local function bucket(at, i)
  local start = at - at % WIDTHS[i]
  local units = math.floor(start / UNIT)
  return string.format('%d.%d%d', units, i, start % UNIT / WIDTHS[#WIDTHS]), units
end
-- How many entries a bucket had when this run asked, and what it has put there since: asked once, since a command is
-- dear. One that has any is listed in `buckets`; claim alone takes it off, where it is empty.
local sizes = {}
local function size(b)
  if not sizes[b] then sizes[b] = redis.call('ZCARD', base .. 'due:' .. b) end
  return sizes[b]
end
local function put_due(at, name)
  local b, units
  for i = 1, #WIDTHS do
    b, units = bucket(at, i)
    if size(b) < ROOM then break end
  end
  local before = size(b)
  sizes[b] = before + redis.call('ZADD', base .. 'due:' .. b, int(at), name)
  if before == 0 then redis.call('ZADD', base .. 'buckets', int(units), b) end
end
local function remove_due(at, name)
  for i = 1, #WIDTHS do
    if redis.call('ZREM', base .. 'due:' .. bucket(at, i), name) == 1 then return end
  end
  redis.call('ZREM', base .. 'due:' .. int(math.floor(at / UNIT)), name) -- as all were before there were widths
end
