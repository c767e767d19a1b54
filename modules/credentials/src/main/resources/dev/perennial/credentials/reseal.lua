-- The same tokens sealed with another key, in place of what was read: a new version, since one version has
-- one content, and what is on the topic must be sealed anew too. Attempt, lease, due time and what was warned
-- of stay as they are; commit compares token_gen, which stays.
-- ARGV[3] grant, [4] token_gen, [5] version, [6] sealed as it was read, [7] sealed anew
if not get('status') then return {'missing'} end
if num('grant') ~= tonumber(ARGV[3]) or num('token_gen') ~= tonumber(ARGV[4])
    or num('version') ~= tonumber(ARGV[5]) or get('sealed') ~= ARGV[6] then
  return {'changed'}
end
-- It never takes the place of news: a pipeline would not hear of them.
if num('published') < num('version') then return {'unpublished', snapshot()} end
local before = get('before_warning') or get('version')
set('sealed', ARGV[7])
next_version('resealed')
set('before_warning', before)
return {'resealed', snapshot()}
