-- ARGV[2] since ms, [3] at most. Codes whose attempt's lease has been over for that long.
return redis.call('ZRANGEBYSCORE', base .. 'codes', '-inf', int(now - tonumber(ARGV[2])),
  'LIMIT', 0, tonumber(ARGV[3]))
