-- Set before what has to know which Redis this is, and which line of its history: the run id changes
-- with every restart, the replication id with every promotion.
local info = redis.call('INFO', 'server', 'replication')
local run = string.match(info, 'run_id:(%x+)') .. '-' .. string.match(info, 'master_replid:(%x+)')
