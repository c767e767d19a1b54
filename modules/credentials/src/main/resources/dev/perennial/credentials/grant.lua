-- The next number for a grant of this shard: rising, and not below Redis's microseconds, so that it
-- stays above every grant that a lost Redis once gave out. With it the name of this healing, by which
-- code_begin sees whether anything may have been lost since.
local micros = time[1] * 1000000 + time[2]
local grant = math.max(tonumber(of_shard('last_grant') or 0) + 1, micros)
set_of_shard('last_grant', int(grant))
return {int(grant), healing_name()}
