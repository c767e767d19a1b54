-- ARGV[3] version, [4] delay ms
read({'due_at', 'version', 'before_warning'})
if get('due_at') and names_current(tonumber(ARGV[3])) then schedule(now + tonumber(ARGV[4])) end
return {'ok'}
