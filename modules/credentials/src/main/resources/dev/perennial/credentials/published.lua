-- ARGV[3] grant, [4] version
read({'grant', 'version', 'published'})
if num('grant') ~= tonumber(ARGV[3]) then return {'ok'} end
mark_published(tonumber(ARGV[4]))
return {'ok'}
