-- Set before what has to know which Redis this is, and which line of its history: the run id changes
-- with every restart, the replication id with every promotion.
local info = redis.call('INFO', 'server', 'replication')
local function id_of(field) -- 40 digits; a pattern would take as long as INFO itself
  local _, before = string.find(info, field, 1, true)
  return string.sub(info, before + 1, before + 40)
end
local run = id_of('run_id:') .. '-' .. id_of('master_replid:')
