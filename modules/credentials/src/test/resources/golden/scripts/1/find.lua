if not get('status') then return {'missing'} end
return {'found', snapshot()}
