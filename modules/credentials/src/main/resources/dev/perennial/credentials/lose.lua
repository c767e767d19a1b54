-- An operator accepts that nothing opens these tokens any more: only a new consent helps. The sealed bytes
-- stay: they harm nobody, and whoever finds the key may still want to revoke them.
-- ARGV[3] grant, [4] token_gen, [5] version, [6] sealed as it was read, [7] reason, [8] its detail
local status = get('status')
if not status then return {'missing'} end
if num('grant') ~= tonumber(ARGV[3]) or num('token_gen') ~= tonumber(ARGV[4])
    or num('version') ~= tonumber(ARGV[5]) or get('sealed') ~= ARGV[6] then
  return {'changed'}
end
if status == 'deleted' or status == 'reauthorization_required' then return {'ignored'} end
clear_attempt()
unschedule()
set('status', 'reauthorization_required', 'reason', ARGV[7], 'reason_detail', ARGV[8])
next_version('reauthorization_required')
return {'lost', snapshot()}
