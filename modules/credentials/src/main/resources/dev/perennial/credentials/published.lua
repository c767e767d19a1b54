-- ARGV[3] grant, [4] version
local version = tonumber(ARGV[4])
if num('grant') ~= tonumber(ARGV[3]) then return {'ok'} end
set('published', int(math.max(num('published'), version)))
if version == num('version') then redis.call('ZREM', base .. 'unpublished', name) end
return {'ok'}
