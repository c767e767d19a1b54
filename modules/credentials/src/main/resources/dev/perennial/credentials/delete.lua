-- ARGV[3] grant: of the deletion, above every grant before it
if not get('status') or tonumber(ARGV[3]) <= num('grant') then return {'ignored'} end
settle()
unschedule()
drop('sealed', 'issued_at', 'expires_at', 'token_type', 'scope', 'committed_attempt')
drop_end()
set('grant', ARGV[3], 'token_gen', 0, 'status', 'deleted')
next_version('deleted')
return {'deleted', snapshot()}
