-- KEYS[1] the hash. Redis's time, then each process and what it said.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return {string.format('%.0f', now), redis.call('HGETALL', KEYS[1])}
