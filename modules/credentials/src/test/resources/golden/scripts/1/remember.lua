-- KEYS[1] the state's record. ARGV[1] connection, [2] id, [3] sealed, [4] valid ms, [5] known ms
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('DEL', KEYS[1]) -- where the browser alone binds, its next consent has the same state
redis.call('HSET', KEYS[1], 'connection', ARGV[1], 'id', ARGV[2], 'sealed', ARGV[3], 'valid_until',
  string.format('%.0f', now + tonumber(ARGV[4])))
redis.call('PEXPIRE', KEYS[1], ARGV[5])
return {'ok'}
