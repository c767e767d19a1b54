-- ARGV[3] grant, [4] version
if num('grant') ~= tonumber(ARGV[3]) or num('version') ~= tonumber(ARGV[4]) then return {'ignored'} end
local status, expires = get('status'), num('expires_at')
if status == 'deleted' or status == 'expired' or expires == 0 then return {'ignored'} end
if expires > now then
  schedule(expires)
  return {'ignored'}
end
clear_attempt()
unschedule()
set('status', 'expired')
next_version('expired')
return {'expired', snapshot()}
