-- Set before what has to know which Redis this is: it changes with every restart and failover.
local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)')
